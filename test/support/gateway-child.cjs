'use strict';

// What the `server.js` of a generated gateway does, with the configuration directory as the only argument.
const gateway = require('express-gateway');

gateway().load(process.argv[2]).run();
