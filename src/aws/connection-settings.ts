/** What decides which connections and credentials a call uses. Policies with equal settings share them. */
export interface ConnectionSettings extends NetworkSettings, CredentialSettings {
  readonly endpoint: string | undefined;
  /** How often a call may be tried while it is certain that nothing was executed. */
  readonly maxAttempts: number;
  /** Requests that may wait for one of `maxConnections`; beyond them a request is refused at once. */
  readonly maxPending: number;
}

export interface NetworkSettings {
  /** Milliseconds to open a connection, its TLS handshake included. */
  readonly connectTimeout: number;
  /** Open connections per endpoint. */
  readonly maxConnections: number;
  /** Milliseconds after which an idle connection is closed; 0 closes each after one request. */
  readonly keepAliveTimeout: number;
  /** Outbound proxy; without it the proxy variables of the environment. */
  readonly proxyUrl: string | undefined;
  /** PEM file of certification authorities to trust beside Node's own. */
  readonly caFile: string | undefined;
  /** False accepts every certificate. */
  readonly sslVerify: boolean;
}

export interface CredentialSettings {
  readonly region: string | undefined;
  /** Profile of the shared AWS configuration files. */
  readonly profile: string | undefined;
  readonly credentials: StaticCredentials | undefined;
  readonly assumeRole: AssumeRole | undefined;
}

export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export interface AssumeRole {
  readonly roleArn: string;
  readonly roleSessionName?: string;
  readonly externalId?: string;
  readonly durationSeconds?: number;
  /** URL of the STS endpoint, where it is not that of the region. */
  readonly stsEndpoint?: string;
}

/** Just the settings of a connection, in a fixed order, out of an object that may hold more: equal ones give equal JSON. */
export function connectionSettings(options: ConnectionSettings): ConnectionSettings {
  const { region, profile, endpoint, credentials, assumeRole, connectTimeout, maxAttempts } = options;
  const { maxConnections, maxPending, keepAliveTimeout, proxyUrl, caFile, sslVerify } = options;
  return {
    region,
    profile,
    endpoint,
    credentials,
    assumeRole,
    connectTimeout,
    maxAttempts,
    maxConnections,
    maxPending,
    keepAliveTimeout,
    proxyUrl,
    caFile,
    sslVerify,
  };
}
