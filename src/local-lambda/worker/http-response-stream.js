'use strict';

const contentType = 'application/vnd.awslambda.http-integration-response';
const delimiter = 8;

/** `awslambda.HttpResponseStream`: puts the head of an HTTP response in front of its body. */
class HttpResponseStream {
  /**
   * The metadata goes out with the first `write`, as in Lambda's runtime: a function that only calls `end`, be it with a
   * chunk, sends none.
   *
   * @param {import('./response-stream.js').ResponseStream} stream
   * @param {unknown} metadata `statusCode`, `headers`, `cookies`.
   */
  static from(stream, metadata) {
    stream.setContentType(contentType);
    const json = JSON.stringify(metadata);
    stream._onBeforeFirstWrite = (write) => {
      write(json);
      write(new Uint8Array(delimiter));
    };
    return stream;
  }
}

module.exports = { HttpResponseStream };
