// A plain HTTP client of the REST surface that holds every answer to the node's own OpenAPI document.
import assert from 'node:assert/strict';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

// What rest_calls.test.mjs sees answered; rest.test.mjs sees all other routes answered.
export const callOperations = new Set([
  'update_gpu', 'quote_gpu', 'get_review', 'list_outages', 'delist_gpu', 'relist_gpu', 'get_order', 'extend_order', 'cancel_order', 'release_order', 'settle_order',
  'update_provider', 'heartbeat', 'list_stakes', 'list_unbondings', 'get_offer', 'create_offer', 'close_offer', 'update_service',
  'add_service_review', 'list_service_reviews', 'hide_review', 'start_job', 'complete_job', 'fail_job', 'get_job_receipt', 'claim_receipt',
  'list_auctions', 'cancel_auction', 'commit_bid', 'reveal_bid', 'fill_booking_order', 'fill_offer_order', 'get_order_nonce',
  'cancel_signed_order', 'get_rules', 'list_proposals', 'get_proposal', 'propose', 'approve_proposal', 'vote_dispute',
]);

const pointer = (text) => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

export class RestClient {
  constructor(url, document) {
    this.url = url;
    this.document = document;
    this.answered = new Map();  // operationId -> statuses seen
    this.ajv = new Ajv2020.default({ strict: false, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, 'openapi');
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: operation.operationId, method: method.toUpperCase(), path, operation,
        pattern: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`),
      })));
  }

  static async of(url) {
    return new RestClient(url, await (await fetch(`${url}/openapi.json`)).json());
  }

  // Of these operations, those that were never answered as they should be.
  silent(ids) {
    return ids.filter((id) => ![...(this.answered.get(id) ?? [])].some((status) => status < 300));
  }

  // options: key (X-Api-Key), body (an object, or text as it is), headers
  async ask(method, target, { key, body, headers = {} } = {}) {
    const response = await fetch(this.url + target, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(key ? { 'x-api-key': key } : {}), ...headers },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const answer = await response.json();
    this.check(method, new URL(this.url + target).pathname, response.status, answer);
    return { status: response.status, body: answer, headers: response.headers };
  }

  // The most specific path that fits, as the node chooses it.
  find(method, path) {
    const versioned = path.startsWith('/v1/') ? path : `/v1${path}`;
    return this.operations.filter((each) => each.method === method && each.pattern.test(versioned))
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
  }

  check(method, path, status, answer) {
    const found = this.find(method, path);
    if (!found) return;
    if (!this.answered.has(found.id)) this.answered.set(found.id, new Set());
    this.answered.get(found.id).add(status);
    assert.ok(found.operation.responses[status], `${found.id} answered ${status}, which is not documented: ${JSON.stringify(answer)}`);
    const at = `openapi#/paths/${pointer(found.path)}/${method.toLowerCase()}/responses/${status}/content/${pointer('application/json')}/schema`;
    const validate = this.ajv.getSchema(at) ?? this.ajv.compile({ $ref: at });
    assert.ok(validate(answer), `${found.id} ${status}: ${this.ajv.errorsText(validate.errors)} in ${JSON.stringify(answer)}`);
  }
}
