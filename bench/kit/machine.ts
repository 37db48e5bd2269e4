import { cpus, loadavg, platform, release, totalmem } from "node:os";

const GIBIBYTE = 1024 ** 3;

/** What the numbers were measured on, in one line, with what Node was told. */
export function machine(): string {
  const [first] = cpus();
  const memory = (totalmem() / GIBIBYTE).toFixed(0);
  const system = `${platform()} ${release()}`;
  const node = ["Node", process.version, ...process.execArgv, `NODE_ENV=${process.env.NODE_ENV}`].join(" ");
  return `${cpus().length} cores (${first?.model.trim() ?? "unknown"}), ${memory} GiB, ${system}, ${node}`;
}

/** Programs that wanted to run over the last minute; more than there are cores, and numbers suffer. */
export function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
