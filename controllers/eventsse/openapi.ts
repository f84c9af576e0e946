/** The OpenAPI document of the routes. */
import { DIMENSIONS } from "./query.ts";

const text = { type: "string" } as const;
const json = (schema: object) => ({ "application/json": { schema } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const query = (name: string, description: string, schema: object = text) => ({
  name,
  in: "query",
  description,
  schema,
});
const list = (items: object) => ({ type: "array", items });

const FILTERS = DIMENSIONS.map((name) => ({
  ...query(name, `Events of this ${name}; repeated: of any of them`, list(text)),
  style: "form",
  explode: true,
}));
const PROBLEM = { description: "Refused", content: { "application/problem+json": { schema: ref("Problem") } } };
const LIST_ANSWERS = {
  200: {
    description:
      'Newest first. `Link` with `rel="next"` leads to older ones; `Last-Event-ID` is where a stream begins that shows what came since',
    content: json(list({ type: "object", additionalProperties: true })),
  },
  default: PROBLEM,
};
const LIST_PARAMETERS = [
  query("limit", "At most so many; more than the server's maximum is cut to it", { type: "integer", minimum: 1 }),
  query("cursor", "From a `Link` header"),
  query("since", "Events at or after this time", { ...text, format: "date-time" }),
  query("until", "Events at or before this time", { ...text, format: "date-time" }),
  query("versions", "`all` lists every state of an Event, not its newest alone", { enum: ["latest", "all"] }),
];

/** OpenAPI 3.1. */
export const OPENAPI = {
  openapi: "3.1.0",
  info: { title: "eventsse", version: "1", description: "Live, resumable streams of platform events" },
  security: [{}, { bearer: [] }],
  paths: {
    "/handle": {
      post: {
        summary: "Takes Kubernetes Events",
        requestBody: { required: true, content: json({ oneOf: [ref("Event"), list(ref("Event"))] }) },
        responses: {
          200: {
            description: "The key of the Event; a list of them for a list",
            content: { "text/plain": { schema: text }, ...json(list(text)) },
          },
          default: PROBLEM,
        },
      },
    },
    "/publish": {
      post: {
        summary: "Takes a custom event",
        requestBody: {
          required: true,
          content: { ...json(ref("CustomEvent")), "text/plain": { schema: text } },
        },
        responses: { 200: { description: "Kept", content: json(ref("Publication")) }, default: PROBLEM },
      },
    },
    "/notifications": {
      get: {
        summary: "Streams events as they happen",
        parameters: [
          ...FILTERS,
          query("lastEventId", "Begin after this event; `earliest` for all that is kept"),
          query("ticket", "Of POST /tickets"),
          { name: "Last-Event-ID", in: "header", schema: text },
        ],
        responses: {
          200: { description: "Server-sent events", content: { "text/event-stream": { schema: text } } },
          default: PROBLEM,
        },
      },
    },
    "/events": {
      get: { summary: "Lists events", parameters: [...FILTERS, ...LIST_PARAMETERS], responses: LIST_ANSWERS },
    },
    "/events/{composition}": {
      get: {
        summary: "Lists the events of one composition",
        parameters: [
          { name: "composition", in: "path", required: true, schema: text },
          ...FILTERS.slice(1),
          ...LIST_PARAMETERS,
        ],
        responses: LIST_ANSWERS,
      },
    },
    "/tickets": {
      post: {
        summary: "Gives a ticket that opens one stream, for an EventSource, which sends no headers",
        responses: { 200: { description: "A ticket", content: json(ref("Ticket")) }, default: PROBLEM },
      },
    },
    "/health": {
      get: {
        summary: "Whether events can be kept",
        responses: {
          200: { description: "Yes", content: json({ type: "object", properties: { name: text } }) },
          503: { description: "No" },
        },
      },
    },
  },
  components: {
    securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    schemas: {
      Event: {
        type: "object",
        description:
          "A core/v1 Event; fields that are not known are kept. Label `krateo.io/composition-id` names its composition",
        additionalProperties: true,
      },
      CustomEvent: {
        type: "object",
        required: ["channel", "data"],
        additionalProperties: false,
        properties: {
          channel: { ...text, maxLength: 256 },
          type: { ...text, maxLength: 256, default: "message" },
          id: { ...text, maxLength: 256, description: "A second event with this id on this channel is not sent" },
          data: { description: "Text is sent as it is, anything else as JSON" },
        },
      },
      Publication: { type: "object", properties: { id: text, repeated: { type: "boolean" } } },
      Ticket: { type: "object", properties: { ticket: text, expiresIn: { type: "integer", description: "s" } } },
      Problem: {
        type: "object",
        description: "RFC 9457",
        properties: {
          type: text,
          title: text,
          status: { type: "integer" },
          detail: text,
          field: { ...text, description: "The field, query parameter or header that is meant" },
          position: { type: "integer", description: "Where in the body, in characters from 1" },
        },
      },
    },
  },
} as const;
