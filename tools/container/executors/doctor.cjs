module.exports = require('./load.cjs')('doctor');
