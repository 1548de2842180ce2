/**
 * What fails before a connection is there: nothing of the request has left the machine. Codes of the system are not among
 * them, because they come later too: a host that becomes unreachable in the middle of a call is EHOSTUNREACH as well, on
 * `read` (measured on Linux). The failed system call tells.
 */
const CONNECT_FAILURES: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether an error proves that no byte of the request was sent, so that sending it again cannot run anything twice. */
export function isUnsent(thrown: unknown): boolean {
  const { code, syscall, errors } = describe(thrown);
  // One for each address that a name stands for.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(isUnsent);
  return CONNECT_FAILURES.has(code) || syscall === 'connect';
}

/** Failures of the TLS handshake, by the codes of OpenSSL and Node: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_FAILURE = /CERT|SELF_SIGNED|UNABLE_TO_|CRL_|^ERR_TLS_|^ERR_SSL_/;

export function isCertificateFailure(thrown: unknown): boolean {
  const { code } = describe(thrown);
  return typeof code === 'string' && CERTIFICATE_FAILURE.test(code);
}

/** A proxy that answers CONNECT with anything but 200; undici has no code of its own for it (7.30). */
export function isProxyFailure(thrown: unknown): boolean {
  const { code, message } = describe(thrown);
  return code === 'UND_ERR_ABORTED' && typeof message === 'string' && message.startsWith('Proxy response');
}

interface ErrorFields {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
}

function describe(thrown: unknown): ErrorFields {
  return typeof thrown === 'object' && thrown !== null ? thrown : {};
}
