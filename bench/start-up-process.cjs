'use strict';

// One start, measured from within: `require FILE` or `gateway CONFIGURATION-DIRECTORY`. Answers over IPC, and ends.
const Module = require('node:module');
const path = require('node:path');

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const [what, target] = process.argv.slice(2);
if (what === 'require') measureRequire(target);
else measureGateway(target);

function tell(figures) {
  process.send(figures, () => process.exit());
}

function measureRequire(file) {
  const shares = countShares(path.dirname(file));
  const [ms, cpuMs] = [performance.now(), cpu()];
  require(file);
  tell({ ms: performance.now() - ms, cpuMs: cpu() - cpuMs, shares });
}

/** Processor time by package that our own code asked for; what two of them need counts for the first. */
function countShares(ownDirectory) {
  const shares = {};
  const load = Module._load;
  let inside = false;
  Module._load = function (request, parent, ...rest) {
    const isFirst = !inside && parent?.filename?.startsWith(ownDirectory) && !/^(?:\.|node:)/.test(request);
    if (!isFirst) return load.call(this, request, parent, ...rest);
    const before = cpu();
    inside = true;
    try {
      return load.call(this, request, parent, ...rest);
    } finally {
      inside = false;
      shares[request] = (shares[request] ?? 0) + cpu() - before;
    }
  };
  return shares;
}

function measureGateway(directory) {
  // The clock has run since the process began.
  require('express-gateway/lib/eventBus').on('http-ready', () => tell({ ms: performance.now(), cpuMs: cpu() }));
  require('express-gateway')().load(directory).run();
}
