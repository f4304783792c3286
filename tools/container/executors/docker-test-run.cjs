module.exports = require('./load.cjs')('docker-test-run');
