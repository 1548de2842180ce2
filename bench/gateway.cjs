'use strict';

// The gateway's process: boots from a configuration directory, and answers what only its own process can tell.
const gateway = require('express-gateway');
const eventBus = require('express-gateway/lib/eventBus');

// A measurement that broke off must not leave the process behind.
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  // Only a process that ends by itself writes its profile.
  if (message === 'exit') process.exit(0);
  if (message === 'collect') globalThis.gc?.();
  process.send({ memory: process.memoryUsage(), listeners: listenersOf(eventBus) + listenersOf(process) });
});

function listenersOf(emitter) {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

gateway()
  .load(process.argv[2])
  .run()
  .then(() => process.send({ ready: true }));
