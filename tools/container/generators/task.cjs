module.exports = require('../executors/load.cjs')('task', 'generator');
