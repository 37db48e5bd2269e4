import { cpus, loadavg, platform, release, totalmem } from "node:os";

const GIBIBYTE = 1024 ** 3;

/** The machine, and the options of Node, in one line. */
export function machine(): string {
  const [first] = cpus();
  const memory = (totalmem() / GIBIBYTE).toFixed(0);
  const system = `${platform()} ${release()}`;
  const node = ["Node", process.version, ...process.execArgv, `NODE_ENV=${process.env.NODE_ENV}`].join(" ");
  return `${cpus().length} cores (${first?.model.trim() ?? "unknown"}), ${memory} GiB, ${system}, ${node}`;
}

/** The load average of the last minute. Numbers measured under a load above the number of cores are not reliable. */
export function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
