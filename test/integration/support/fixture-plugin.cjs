'use strict';

const http = require('node:http');

// How often this module was loaded and initialised: what a plugin keeps at module level.
const state = { inits: 0 };

module.exports = {
  version: '1.0.0',
  policies: ['fixture'],
  schema: {
    $id: 'http://express-gateway-plugin-lambda.test/schemas/plugins/fixture.json',
    type: 'object',
    properties: { timeout: { type: 'integer' } },
  },
  init(pluginContext) {
    state.inits += 1;
    const inits = state.inits;
    pluginContext.logger.info('fixture initialised');
    pluginContext.registerPolicy({
      name: 'fixture',
      schema: {
        $id: 'http://express-gateway-plugin-lambda.test/schemas/policies/fixture.json',
        type: 'object',
        properties: { tag: { type: 'string' }, upstream: { type: 'string' } },
      },
      // Sends the request on to a Lambda endpoint if told to, or says what it saw.
      policy: (params) => (req, res) => {
        if (params.crash) {
          void Promise.reject(new Error('crashed as told'));
          return;
        }
        if (params.upstream) {
          const call = http.request(`${params.upstream}/2015-03-31/functions/f/invocations`, { method: 'POST' });
          call.on('response', (answer) => answer.pipe(res)).on('error', (error) => res.status(502).end(error.code));
          req.pipe(call);
          return;
        }
        const { ip, headers, body, user, url } = req;
        res.json({ tag: params.tag, inits, ip, headers, body, user, url, lambda: req.egContext.lambda });
      },
    });
  },
};
