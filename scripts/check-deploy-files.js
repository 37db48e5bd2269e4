/**
 * Checks the files of a deployment by the tools of their formats: Dockerfile (hadolint), chart (helm lint, and the rendered
 * manifests against the schemas of Kubernetes), compose.yaml (docker compose, where it is installed).
 *
 *   npm run deploy:check
 *
 * The tools go to var/deploy-tools. It needs python3 and Go; building helm takes minutes the first time.
 */
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { ROOT } = require("./steps.js");

const HELM = "helm.sh/helm/v3/cmd/helm@v3.18.6";
const TOOLS = join(ROOT, "var/deploy-tools");
const BIN = join(TOOLS, "bin");
const CHART = "deploy/chart";
const VALUES = join(CHART, "ci/live.yaml");
/** The oldest Kubernetes that Chart.yaml accepts, and the newest that the tool knows. */
const KUBERNETES = ["1.27", "1.37"];

/** Values that the schema of the chart must refuse. */
const REFUSED = [
  ["a secret among the settings", "settings.STORE_KEY=secret"],
  ["an unknown value", "replica=3"],
  ["egress to everywhere", "networkPolicy.egress[0].cidrs[0]=0.0.0.0/0"],
  ["a grace period that the program's end exceeds", "terminationGracePeriodSeconds=30"],
  ["the tag latest", "image.tag=latest"],
];

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  return {
    passed: status === 0,
    stdout: stdout ?? "",
    output: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`,
  };
}

function requirePassed(what, { passed, output, stdout }) {
  process.stdout.write(`${passed ? "passed" : "FAILED"}  ${what}\n`);
  if (!passed) throw new Error(output);
  return stdout;
}

function installTools() {
  if (!existsSync(join(BIN, "hadolint"))) {
    requirePassed("python environment", run("python3", ["-m", "venv", TOOLS]));
    const pip = [
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--requirement",
      "deploy/requirements.txt",
    ];
    requirePassed("hadolint and kubernetes-validate", run(join(BIN, "pip"), pip));
  }
  if (!existsSync(join(BIN, "helm"))) {
    requirePassed("helm", run("go", ["install", HELM], { env: { ...process.env, GOBIN: BIN } }));
  }
}

function checkChart() {
  const helm = (...args) => run(join(BIN, "helm"), args);
  requirePassed("helm lint", helm("lint", "--strict", CHART, "--values", VALUES));
  for (const [what, value] of REFUSED) {
    const { passed, output } = helm("lint", CHART, "--values", VALUES, "--set", value);
    requirePassed(`the chart refuses ${what}`, { passed: !passed, output: `accepted: ${value}\n${output}` });
  }
  // A ServiceMonitor is a resource of the Prometheus operator: Kubernetes has no schema of it.
  const variants = [
    [],
    ["--set", "autoscaling.enabled=false,networkPolicy.enabled=false"],
    ["--set", "networkPolicy.clients=null,networkPolicy.monitoring=null,networkPolicy.egress=null"],
  ];
  mkdirSync(join(TOOLS, "rendered"), { recursive: true });
  for (const version of KUBERNETES) {
    const template = (...args) =>
      helm("template", "example", CHART, "--values", VALUES, "--kube-version", version, ...args);
    for (const [index, variant] of variants.entries()) {
      const rendered = requirePassed(
        `helm template for Kubernetes ${version} ${variant.join(" ")}`,
        template("--set", "serviceMonitor.enabled=false", ...variant),
      );
      const path = join(TOOLS, "rendered", `${version}-${index}.yaml`);
      writeFileSync(path, rendered);
      requirePassed(
        `its manifests against the schemas of Kubernetes ${version}`,
        run(join(BIN, "kubernetes-validate"), ["--strict", "-k", version, path]),
      );
    }
    requirePassed("helm template with a ServiceMonitor", template());
  }
}

function checkCompose() {
  if (run("docker", ["compose", "version"]).passed) {
    requirePassed("docker compose config", run("docker", ["compose", "config", "--quiet"]));
  } else if (run("docker-compose", ["version"]).passed) {
    requirePassed(
      "docker-compose config",
      run("docker-compose", ["-f", "compose.yaml", "config", "--quiet"]),
    );
  } else process.stdout.write("left out: docker compose is not installed\n");
}

try {
  installTools();
  requirePassed("hadolint", run(join(BIN, "hadolint"), ["Dockerfile", "Dockerfile.sandbox"]));
  checkChart();
  checkCompose();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
