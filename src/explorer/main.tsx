import { render } from "preact";
import { App } from "./app.js";
import { readConfig } from "./read-config.js";

const host = document.getElementById("explorer");
if (host !== null) render(<App config={readConfig(document)} />, host);
