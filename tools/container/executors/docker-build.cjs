module.exports = require('./load.cjs')('docker-build');
