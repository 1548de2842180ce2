'use strict';

const express = require('express');

/**
 * A plugin for tests. Its one policy, `test-script`, does what policies before ours may do; the action names the
 * behaviour and its parameters. Its setting `trustProxy` sets Express' `trust proxy`.
 */

/** @type {Record<string, (action: Record<string, any>) => import('express').RequestHandler>} */
const behaviours = {
  /** { key = 'lambda', value }: sets a property of egContext. */
  context:
    ({ key = 'lambda', value }) =>
    (req, _res, next) => {
      /** @type {any} */ (req).egContext[key] = structuredClone(value);
      next();
    },

  /** { value }: sets the consumer, as an authentication policy does through passport. */
  user:
    ({ value }) =>
    (req, _res, next) => {
      /** @type {any} */ (req).user = structuredClone(value);
      next();
    },

  /** { options }: parses the body with express.json, which leaves `_body` and an empty stream behind. */
  'parse-json': ({ options }) => express.json(options),
  /** { options }: the same for forms. */
  'parse-form': ({ options }) => express.urlencoded({ extended: true, ...options }),
  /** { options }: the same for bytes, of any type unless told otherwise. */
  'parse-raw': ({ options }) => express.raw({ type: () => true, ...options }),
  /** { options }: the same for text. */
  'parse-text': ({ options }) => express.text({ type: () => true, ...options }),

  /** { set, remove }: edits req.headers by hand; values and spelling are taken as they are. */
  headers:
    ({ set = {}, remove = [] }) =>
    (req, _res, next) => {
      Object.assign(req.headers, set);
      for (const name of remove) {
        delete req.headers[name];
      }
      next();
    },

  /** { set }: sets response headers ahead of the policy under test, as cors and rate-limit do. */
  'response-headers':
    ({ set = {} }) =>
    (_req, res, next) => {
      for (const [name, value] of Object.entries(set)) {
        res.setHeader(name, value);
      }
      next();
    },

  /** { ms }: goes on later. */
  delay:
    ({ ms = 0 }) =>
    (_req, _res, next) => {
      setTimeout(next, ms);
    },

  /** { url }: rewrites the request target, as the rewrite policy does. */
  url:
    ({ url }) =>
    (req, _res, next) => {
      req.url = url;
      next();
    },

  /** { status = 200, body = 'test-script' }: answers itself; put behind a policy it shows that `next` was called. */
  respond:
    ({ status = 200, body = 'test-script' }) =>
    (_req, res) => {
      res.status(status).send(body);
    },

  /** { property }: answers with a property of egContext as JSON, for policies that pass their result on. */
  'show-context':
    ({ property = 'lambda' }) =>
    (req, res) => {
      res.json(/** @type {any} */ (req).egContext[property] ?? null);
    },

  /** Leaves an event that JSON cannot express. */
  'circular-context': () => (req, _res, next) => {
    const circle = {};
    Object.assign(circle, { circle });
    /** @type {any} */ (req).egContext.lambda = circle;
    next();
  },

  /** Reads the body to its end and keeps nothing of it. */
  'consume-body': () => (req, _res, next) => {
    req.resume().once('end', () => setImmediate(next));
  },

  /** { message }: makes every later write of headers throw, as a broken response-transformer expression does. */
  'break-response':
    ({ message = 'broken response wrapper' }) =>
    (_req, res, next) => {
      res.writeHead = () => {
        throw new Error(message);
      };
      next();
    },

  /** Makes the end of the answer throw. */
  'break-end': () => (_req, res, next) => {
    res.end = () => {
      throw new Error('broken end');
    };
    next();
  },
};

module.exports = {
  version: '1.0.0',
  policies: ['test-script'],
  schema: {
    $id: 'http://express-gateway-plugin-lambda.test/schemas/plugins/test-support.json',
    type: 'object',
  },

  /** @param {any} pluginContext */
  init(pluginContext) {
    pluginContext.registerPolicy({
      name: 'test-script',
      schema: {
        $id: 'http://express-gateway-plugin-lambda.test/schemas/policies/test-script.json',
        type: 'object',
        required: ['behaviour'],
        properties: { behaviour: { type: 'string', enum: Object.keys(behaviours) } },
      },
      /** @param {Record<string, any>} action */
      policy: (action) => behaviours[action.behaviour](action),
    });
    const { trustProxy } = pluginContext.settings;
    if (trustProxy !== undefined) {
      pluginContext.registerGatewayRoute((/** @type {any} */ app) => app.set('trust proxy', trustProxy));
    }
  },
};
