import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import './core-errors';

// Keys, profiles and endpoints of whoever runs the tests are no part of them.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
}

// One notice for each test file would hide everything else.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// Of the addresses of `localhost` Node gives up one that has not answered within 250 ms, which a busy machine may take.
setDefaultAutoSelectFamilyAttemptTimeout(60_000);
