import { rejects, strictEqual } from "node:assert/strict";
import { ChartLibrary } from "./charts.ts";

Deno.test("ChartLibrary.get() names chart, URL and remedy when an archive holds no chart, and asks again next time", async () => {
  let asked = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    asked++;
    return new Response("<html>log in</html>");
  });
  try {
    const url = `http://127.0.0.1:${server.addr.port}/odd-1.0.0.tgz`;
    const library = new ChartLibrary({ find: () => Promise.reject(new Error("no Secret is needed")) });
    const failure = {
      name: "HelmChartError",
      reason: "NotAnArchive",
      message:
        `Cannot use chart "odd-1.0.0.tgz" from ${url}: file does not appear to be a gzipped archive: expected a ` +
        "chart packed as .tgz: correct the chart, or name another in spec.chart",
    };
    await rejects(library.get({ url }), failure);
    await rejects(library.get({ url }), failure);
    strictEqual(asked, 2);
  } finally {
    await server.shutdown();
  }
});
