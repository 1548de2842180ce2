'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { dirname, extname, join, sep } = require('node:path');
const { pathToFileURL } = require('node:url');
const { handlerNotFound, importModuleError, userCodeSyntaxError } = require('./runtime-errors.js');

/** @typedef {(event: unknown, context: unknown, callback: (error?: unknown, result?: unknown) => void) => unknown} Handler */

/**
 * Loads the function's module and takes its handler.
 *
 * @param {import('../worker-protocol').WorkerSetup} setup
 * @returns {Promise<Handler>}
 * @throws {Error} `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`, or what the
 *   module itself threw.
 */
async function loadHandler(setup) {
  const { handler } = await loadModule(setup.file);
  if (!handler) throw handlerNotFound(`${setup.handler} is undefined or not exported`);
  if (typeof handler !== 'function') throw handlerNotFound(`${setup.handler} is not a function`);
  return /** @type {Handler} */ (handler);
}

/**
 * @param {string} file
 * @returns {Promise<{ readonly handler?: unknown }>}
 */
async function loadModule(file) {
  try {
    const exported = isEsModule(file) ? await import(pathToFileURL(file).href) : require(file);
    return Object(exported);
  } catch (error) {
    if (error instanceof SyntaxError) throw userCodeSyntaxError(error);
    if (hasCode(error, ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'])) throw importModuleError(error);
    throw error;
  }
}

/**
 * By extension and, for `.js`, by the `type` of the nearest package.json: https://nodejs.org/api/packages.html#type
 *
 * @param {string} file
 */
function isEsModule(file) {
  const extension = extname(file);
  return extension === '.js' ? nearestPackageType(dirname(file)) === 'module' : extension === '.mjs';
}

/**
 * @param {string} folder
 * @returns {unknown}
 */
function nearestPackageType(folder) {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return Object(JSON.parse(readFileSync(file, 'utf8'))).type;
  const parent = dirname(folder);
  return parent === folder || folder.endsWith(`${sep}node_modules`) ? undefined : nearestPackageType(parent);
}

/**
 * @param {unknown} error
 * @param {readonly string[]} codes
 */
function hasCode(error, codes) {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

module.exports = { loadHandler };
