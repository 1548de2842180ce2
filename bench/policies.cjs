'use strict';

// What our policy is compared with, as policies of the same gateway: the least that can be done, and the SDK's own way.
const { createHash, createHmac } = require('node:crypto');
const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda');
const { UndiciHttpHandler } = require('@smithy/undici-http-handler');
const { Agent, Pool } = require('undici');

const endpoint = process.env.AWS_ENDPOINT_URL_LAMBDA;
const region = process.env.AWS_REGION;
const accessKeyId = process.env.AWS_ACCESS_KEY_ID;
const host = endpoint && new URL(endpoint).host;

module.exports = {
  version: '1.2.0',
  init(context) {
    context.registerPolicy({ name: 'bench-floor', schema: schema('floor'), policy: floor });
    context.registerPolicy({ name: 'bench-direct', schema: schema('direct'), policy: direct });
    context.registerPolicy({ name: 'bench-send', schema: schema('send'), policy: send });
  },
};

function schema(name) {
  return { $id: `http://express-gateway.io/schemas/policies/bench-${name}.json`, type: 'object' };
}

/** Event, own signature with a remembered key, undici, answer; nothing is checked. */
function floor({ functionName }) {
  const pool = new Pool(endpoint, { connections: 512, headersTimeout: 0, bodyTimeout: 0 });
  const path = `/2015-03-31/functions/${functionName}/invocations`;
  return handler(async (payload) => {
    const answer = await pool.request({ method: 'POST', path, headers: sign(path, payload), body: payload });
    return Buffer.from(await answer.body.arrayBuffer());
  });
}

/** The SDK's own signer and HTTP handler without its middleware; nothing is checked. */
function direct({ functionName }) {
  const client = new LambdaClient({});
  const requestHandler = new UndiciHttpHandler({ dispatcher: new Agent({ connections: 512 }) });
  const { protocol, hostname, port } = new URL(endpoint);
  return handler(async (payload) => {
    const signer = await client.config.signer();
    const request = await signer.sign({
      method: 'POST',
      protocol,
      hostname,
      port: Number(port),
      path: `/2015-03-31/functions/${functionName}/invocations`,
      query: {},
      headers: { host, 'content-type': 'application/json', 'content-length': String(payload.length) },
      body: payload,
    });
    const { response } = await requestHandler.handle(request);
    return Buffer.from(await response.body.arrayBuffer());
  });
}

/** The SDK as its documentation shows it. */
function send({ functionName }) {
  const client = new LambdaClient({});
  return handler(async (payload) => {
    const output = await client.send(new InvokeCommand({ FunctionName: functionName, Payload: payload }));
    return Buffer.from(output.Payload);
  });
}

function handler(invoke) {
  return (req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      const payload = Buffer.from(JSON.stringify(event(req, Buffer.concat(chunks))));
      invoke(payload).then(
        (bytes) => {
          const result = JSON.parse(bytes.toString());
          const body = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
          res.writeHead(result.statusCode, { ...result.headers, 'content-length': body.length }).end(body);
        },
        () => res.writeHead(500, { 'content-length': 0 }).end(),
      );
    });
  };
}

function event(req, body) {
  const headers = {};
  const multiValueHeaders = {};
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    headers[req.rawHeaders[i]] = req.rawHeaders[i + 1];
    (multiValueHeaders[req.rawHeaders[i]] ??= []).push(req.rawHeaders[i + 1]);
  }
  const query = new URL(req.url, 'http://localhost').searchParams;
  return {
    resource: req.route.path,
    path: req.path,
    httpMethod: req.method,
    headers,
    multiValueHeaders,
    queryStringParameters: Object.fromEntries(query),
    multiValueQueryStringParameters: Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])),
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: '000000000000',
      apiId: 'gateway',
      domainName: req.hostname,
      domainPrefix: 'gateway',
      extendedRequestId: req.egContext.requestID,
      httpMethod: req.method,
      identity: { sourceIp: req.ip, userAgent: req.headers['user-agent'] },
      path: req.path,
      protocol: 'HTTP/1.1',
      requestId: req.egContext.requestID,
      requestTimeEpoch: Date.now(),
      resourcePath: req.route.path,
      stage: '$default',
    },
    body: body.length > 0 ? body.toString() : null,
    isBase64Encoded: false,
  };
}

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
let key;
let keyDay;

function sign(path, payload) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  if (day !== keyDay) {
    keyDay = day;
    const parts = [day, region, 'lambda', 'aws4_request'];
    key = parts.reduce(hmac, `AWS4${process.env.AWS_SECRET_ACCESS_KEY}`);
  }
  const bodyHash = hash(payload);
  const names = 'content-type;host;x-amz-content-sha256;x-amz-date';
  const canonical = `POST\n${path}\n\ncontent-type:application/json\nhost:${host}\nx-amz-content-sha256:${bodyHash}\nx-amz-date:${time}\n\n${names}\n${bodyHash}`;
  const scope = `${day}/${region}/lambda/aws4_request`;
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`)
    .digest('hex');
  return {
    host,
    'content-type': 'application/json',
    'content-length': String(payload.length),
    'x-amz-date': time,
    'x-amz-content-sha256': bodyHash,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
