module.exports = require('./load.cjs')('docker-save');
