/** Preloaded into a server: each response names the process that wrote it, so that a test knows which worker it talks to. */
const { ServerResponse } = require("node:http");

const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (...args) {
  this.setHeader("x-process", String(process.pid));
  return writeHead.apply(this, args);
};
