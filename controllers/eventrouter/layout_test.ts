import { deepEqual, equal, match, throws } from "node:assert/strict";
import { sampleEvent } from "./_samples.ts";
import { RegistrationError } from "./errors.ts";
import { compileLayout } from "./layout.ts";
import { PRESETS } from "./presets.ts";

const EVENT = sampleEvent(7, "web", { compositionId: "c-1", labels: { app: "web" } });

Deno.test("compileLayout() fills templates in a structure and copies everything else", () => {
  const layout = compileLayout({
    template: {
      what: "{{ .reason | upper }} of {{ .involvedObject.name }}",
      labels: ["{{ .object.labels.app }}", "as it is"],
      composition: "{{ .compositionId }}",
      where: "{{ .cluster }}",
      all: "{{ toJson .involvedObject }}",
      number: 3,
      nothing: null,
    },
  });
  deepEqual(layout(EVENT, "prod"), {
    what: "TESTED of web",
    labels: ["web", "as it is"],
    composition: "c-1",
    where: "prod",
    all: '{"kind":"Pod","name":"web","uid":"web"}',
    number: 3,
    nothing: null,
  });
});

Deno.test("compileLayout() names the field of a template that does not parse", () => {
  throws(() => compileLayout({ template: { a: [{ b: "{{ .reason" }] } }), (error) => {
    return error instanceof RegistrationError && error.reason === "InvalidLayout" &&
      error.message.startsWith("Cannot compile spec.layout.template.a[0].b: ");
  });
});

Deno.test("compileLayout() gives the Event as the original sends it where nothing is said", () => {
  equal(compileLayout(undefined)(EVENT, undefined), EVENT.body);
});

Deno.test("the preset cloudevents is a CloudEvent 1.0 in structured mode", () => {
  const { data, ...attributes } = PRESETS.cloudevents(EVENT, "prod") as Record<string, unknown>;
  deepEqual(attributes, {
    specversion: "1.0",
    id: "uid-7/7",
    source: "kubernetes://prod//Pod/web",
    type: "io.k8s.event.normal.Tested",
    subject: "web",
    time: "2026-01-01T00:00:00Z",
    datacontenttype: "application/json",
    partitionkey: "web",
    compositionid: "c-1",
    cluster: "prod",
  });
  equal(data, EVENT.body);
});

Deno.test("the preset otlp is a log record with the collector's attribute names", () => {
  const record = PRESETS.otlp(EVENT, "prod") as { attributes: { key: string }[]; [field: string]: unknown };
  const { attributes, ...rest } = record;
  deepEqual(rest, {
    timeUnixNano: "1767225600000000000",
    observedTimeUnixNano: "0",
    severityNumber: 9,
    severityText: "Normal",
    body: { stringValue: "message 7" },
  });
  deepEqual(attributes.map(({ key }) => key), [
    "k8s.event.reason",
    "k8s.event.start_time",
    "k8s.event.name",
    "k8s.event.uid",
    "k8s.namespace.name",
    "k8s.object.kind",
    "k8s.object.name",
    "k8s.object.uid",
    "k8s.cluster.name",
    "krateo.composition.id",
    "k8s.event.count",
  ]);
});

Deno.test("the presets slack and teams show what happened, and escape it", () => {
  const event = { ...EVENT, event: { ...EVENT.event, message: "<!channel> & more" } };
  const slack = JSON.stringify(PRESETS.slack(event, undefined));
  match(slack, /Tested: Pod web/);
  match(slack, /&lt;!channel&gt; &amp; more/);
  match(JSON.stringify(PRESETS.teams(event, undefined)), /"type":"AdaptiveCard".*<!channel> & more/);
});
