import { render } from "preact";
import { App } from "./app.js";

const host = document.getElementById("console");
if (host !== null) render(<App />, host);
