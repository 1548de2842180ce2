import type { Command, Flag } from './command';

const CONFIG_DIR: Flag = {
  value: 'DIR',
  summary: "The gateway's configuration folder. Else config/, this folder, or EG_CONFIG_DIR.",
};

/** Every command. Help and parsing are made from this table; a further command is one entry. */
export const commands = {
  setup: {
    summary: "Registers the plugin in a gateway's configuration, and puts a function behind a path.",
    flags: {
      'config-dir': CONFIG_DIR,
      function: { value: 'NAME', summary: 'Function to put behind the gateway: name, partial ARN or ARN.' },
      qualifier: { value: 'NAME', summary: 'Version or alias of the function.' },
      path: { value: 'PATH', summary: 'Path of the new apiEndpoint, such as /users/*.', multiple: true },
      endpoint: { value: 'NAME', summary: "Name of the apiEndpoint. Default: the function's name." },
      pipeline: { value: 'NAME', summary: 'Name of the pipeline. Default: that of the apiEndpoint.' },
      region: { value: 'REGION', summary: 'AWS region of all policies. Without it the SDK finds one.' },
      package: { value: 'NAME', summary: 'What to register, where it is not this package by its name.' },
      'dry-run': { summary: 'Shows the changes and writes nothing.' },
      yes: { summary: 'Writes without asking.' },
    },
    notes: [
      'Comments, order and ${VAR} stay as they are, and a second run changes nothing. On a terminal it asks for what is',
      'not said; elsewhere it never asks.',
    ],
    load: () => import('./setup/setup.js'),
  },
  local: {
    summary: 'Runs the functions of a folder on a local Lambda.',
    operand: '[folder]',
    flags: {
      port: { value: 'PORT', summary: 'Port on this machine; 0 takes any free one. Default: 9001.' },
      timeout: { value: 'SECONDS', summary: 'How long a function may run, up to 900. Default: 3.' },
      'function-url': {
        value: 'NAME=PORT',
        summary: 'Gives a function a URL of its own; NAME=PORT:stream one that streams its answer.',
        multiple: true,
      },
      // Not `--env-file`: Node 20 takes that for its own wherever it stands (measured).
      env: { value: 'FILE', summary: 'Environment variables for the functions, NAME=value on each line.' },
    },
    notes: [
      'The folder (default: functions) holds NAME.js, .mjs, .cjs or NAME/index.…; a changed file runs with the next call.',
    ],
    load: () => import('./local/local.js'),
  },
  doctor: {
    summary:
      'Checks the lambda-proxy policies of a gateway, from its configuration to the permission of each function.',
    flags: {
      'config-dir': CONFIG_DIR,
      all: { summary: 'Shows settings that have their default too.' },
      offline: { summary: 'Makes no call to AWS.' },
    },
    notes: ['No function is run. Exit status: 0 all is well, 1 something failed, 2 the configuration cannot be read.'],
    load: () => import('./doctor/doctor.js'),
  },
  invoke: {
    summary: 'Makes one call as the policy does, and shows event and answer.',
    operand: '<function | apiEndpoint | pipeline>',
    flags: {
      'config-dir': CONFIG_DIR,
      event: {
        value: 'FILE',
        summary: 'Sends the JSON of this file (- is standard input) as the event, as it stands.',
      },
      method: { value: 'METHOD', summary: 'Method of the request. Default: GET, with --data POST.' },
      path: {
        value: 'PATH',
        summary: 'Path and query of the request, such as /users/7?q=1. Default: a plain path of the endpoint, or /.',
      },
      header: { value: "'NAME: VALUE'", summary: 'Header of the request.', multiple: true },
      data: { value: 'TEXT|@FILE', summary: 'Body of the request, or the file that holds it.' },
      format: { value: 'VERSION', summary: 'Payload format: 1.0, 2.0, legacy, or custom for a custom integration.' },
      qualifier: { value: 'NAME', summary: 'Version or alias of the function.' },
      region: { value: 'REGION', summary: 'AWS region.' },
      endpoint: { value: 'URL', summary: 'Endpoint of the Lambda API, such as http://localhost:9001.' },
      profile: { value: 'NAME', summary: 'Profile of the shared AWS configuration files.' },
      timeout: { value: 'MS', summary: "Milliseconds to the answer's head. Default: 29000." },
      log: { summary: "Shows the end of the function's log." },
      output: { value: 'FILE', summary: "Writes the answer's body to a file." },
    },
    notes: [
      'The name of an apiEndpoint or pipeline takes the settings of its first lambda-proxy policy, which the options above',
      'change for this call; function:NAME is always a function. A response stream is shown piece by piece as it comes.',
      'Exit status: 0 an answer came, whatever its status, 1 the call failed.',
    ],
    load: () => import('./invoke/invoke.js'),
  },
} as const satisfies Record<string, Command>;
