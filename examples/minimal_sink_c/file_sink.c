/* A complete sink in plain C: appends the value of every record, and a newline, to a file. A tombstone (null value) cannot be a
 * line, so it becomes a dead letter. It needs nothing but sca/sink_connector.h and the C library.
 *
 * It has no threads and keeps nothing back: when put() returns, its records are resolved. That makes it small; a sink that waits
 * for a network resolves later and tells so in progress() (see minimal_sink_cpp, and SINKS.md).
 *
 * Delivered here means: given to the operating system. A crash of the machine can still lose it; a real sink would fsync. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sca/sink_connector.h"

enum { created, started, stopped };

typedef struct {
  sca_sink base; /* first: a pointer to it is a pointer to us */
  const sca_host* host;
  FILE* file;
  sca_position* open; /* one for each open assignment: how far its records are resolved */
  size_t open_count;
  int phase;
  sca_status failure; /* once it is not SCA_OK, this sink is finished, and says so */
  char failure_text[128];
  char path[]; /* file.path, with a NUL */
} file_sink;

/* ---- what every slot needs ------------------------------------------------------------------------------------------------ */

static file_sink* of(sca_sink* me) { return (file_sink*)me; }

static int equal(sca_str s, const char* text) { return s.size == strlen(text) && memcmp(s.data, text, s.size) == 0; }

static sca_position* find(file_sink* s, uint64_t assignment) {
  for (size_t i = 0; i < s->open_count; ++i)
    if (s->open[i].assignment == assignment) return &s->open[i];
  return NULL;
}

/* The first failure is the one that is remembered. */
static sca_status fail(file_sink* s, sca_error* e, sca_status status, const char* text) {
  if (s->failure == SCA_OK) {
    s->failure = status;
    snprintf(s->failure_text, sizeof s->failure_text, "%s", text);
  }
  return sca_fail(e, s->failure, s->failure_text);
}

/* The host broke the contract: say so at the level that is made for it, and be finished. */
static sca_status misuse(file_sink* s, sca_error* e, const char* text) {
  const sca_log_line line = {
      .struct_size = sizeof line, .level = SCA_LOG_MISUSE, .message = {text, strlen(text)}, .file = __FILE__, .line = __LINE__};
  s->host->log(s->host, &line);
  return fail(s, e, SCA_MISUSE, text);
}

/* ---- the slots, in the order a host calls them ------------------------------------------------------------------------------
 */

static sca_status start(sca_sink* me, sca_error* e) {
  file_sink* s = of(me);
  if (s->phase != created) return misuse(s, e, "a sink is started once");
  s->phase = started;
  s->file = fopen(s->path, "ab");
  return s->file ? SCA_OK : fail(s, e, SCA_UNAVAILABLE, "cannot open file.path for appending");
}

static sca_status open_assignment(sca_sink* me, const sca_assignment* a, sca_error* e) {
  file_sink* s = of(me);
  if (s->failure) return fail(s, e, s->failure, "");
  if (s->phase != started) return misuse(s, e, "open of a sink that is not started");
  if (a->id == 0 || find(s, a->id)) return misuse(s, e, "open of an assignment that is 0 or open");
  sca_position* more = realloc(s->open, (s->open_count + 1) * sizeof *more);
  if (!more) return fail(s, e, SCA_OUT_OF_MEMORY, "out of memory");
  s->open = more;
  s->open[s->open_count++] = (sca_position){a->id, SCA_NO_POSITION};
  return SCA_OK;
}

static void close_assignment(sca_sink* me, uint64_t assignment) {
  sca_position* p = find(of(me), assignment);
  if (p) *p = of(me)->open[--of(me)->open_count];
}

static void reject_tombstone(const file_sink* s, const sca_record* r) {
  const sca_rejection no = {.struct_size = sizeof no,
                            .stage = SCA_STAGE_DECODE,
                            .assignment = r->assignment,
                            .offset = r->offset,
                            .code = SCA_STR("record.tombstone"),
                            .message = SCA_STR("a record without a value cannot be a line of a file")};
  s->host->reject(s->host, &no);
}

/* Looks at all records before it writes the first, so that a breach of the contract leaves nothing half done. */
static sca_status check(file_sink* s, const sca_record* const* records, size_t count, sca_error* e) {
  for (size_t i = 0; i < count; ++i) {
    const sca_record* r = records[i];
    if (!SCA_HAS(r, sca_record, header_count)) return misuse(s, e, "a record shorter than version 1.0");
    const sca_position* p = find(s, r->assignment);
    if (!p) return misuse(s, e, "a record of an assignment that is not open");
    int64_t last = p->offset; /* the position is one past the last record, so the next offset may equal it */
    for (size_t k = i; k-- > 0;)
      if (records[k]->assignment == r->assignment) {
        last = records[k]->offset + 1;
        break;
      }
    if (r->offset < last) return misuse(s, e, "an offset that does not grow within its assignment");
  }
  return SCA_OK;
}

static sca_status put(sca_sink* me, const sca_record* const* records, size_t count, size_t* accepted, sca_error* e) {
  file_sink* s = of(me);
  if (s->failure) return fail(s, e, s->failure, "");
  if (s->phase != started) return misuse(s, e, "put to a sink that is not started");
  if (count == 0 || *accepted != 0) return misuse(s, e, "put without records, or with accepted not 0");
  if (check(s, records, count, e) != SCA_OK) return s->failure;
  for (size_t i = 0; i < count; ++i) {
    const sca_bytes value = records[i]->value;
    if (!value.data) {
      reject_tombstone(s, records[i]);
    } else {
      fwrite(value.data, 1, value.size, s->file);
      fputc('\n', s->file);
    }
  }
  /* Only now do we know. If it failed, no record of this call counts as taken: all will come again, some lines twice. */
  if (fflush(s->file) || ferror(s->file)) return fail(s, e, SCA_UNAVAILABLE, "cannot write to file.path");
  for (; *accepted < count; ++*accepted) find(s, records[*accepted]->assignment)->offset = records[*accepted]->offset + 1;
  return SCA_OK;
}

static sca_status progress(sca_sink* me, sca_position* positions, size_t count, sca_error* e) {
  file_sink* s = of(me);
  for (size_t i = 0; i < count; ++i) {
    const sca_position* p = find(s, positions[i].assignment);
    positions[i].offset = p ? p->offset : SCA_NO_POSITION;
  }
  if (s->phase == created) return misuse(s, e, "progress of a sink that was not started");
  return s->failure ? fail(s, e, s->failure, "") : SCA_OK;
}

static void stop(sca_sink* me) {
  file_sink* s = of(me);
  s->phase = stopped;
  if (s->file) fclose(s->file);
  s->file = NULL;
}

static void destroy(sca_sink* me) {
  free(of(me)->open);
  free(me);
}

/* ---- configuration -----------------------------------------------------------------------------------------------------------
 */

static const sca_config_key path_key = {.struct_size = sizeof path_key,
                                        .type = SCA_TYPE_STRING,
                                        .flags = SCA_KEY_REQUIRED,
                                        .importance = SCA_IMPORTANCE_HIGH,
                                        .name = SCA_STR("file.path"),
                                        .doc = SCA_STR("The file to append to. It is created when it does not exist."),
                                        .group = SCA_STR("File")};
static const sca_config_key* const keys[] = {&path_key};

typedef void issue_fn(void* ctx, int32_t severity, sca_str key, const char* code, const char* message);

/* The one judge, for validate() and create(): so they cannot disagree. Gives the path, or one without data. */
static sca_str judge(const sca_pair* config, size_t count, issue_fn* report, void* ctx) {
  sca_str path = {NULL, 0};
  for (size_t i = 0; i < count; ++i) {
    if (equal(config[i].key, "file.path"))
      path = config[i].value;
    else if (config[i].key.size > 5 && memcmp(config[i].key.data, "file.", 5) == 0)
      report(ctx, SCA_ISSUE_ERROR, config[i].key, "unknown", "there is no such key; did you mean file.path?");
    else
      report(ctx, SCA_ISSUE_WARNING, config[i].key, "unknown", "there is no such key; it is ignored");
  }
  if (path.size > 0 && !memchr(path.data, '\0', path.size)) return path;
  report(ctx, SCA_ISSUE_ERROR, path_key.name, "required", "required: give the name of the file to append to");
  return (sca_str){NULL, 0};
}

typedef struct {
  sca_config_issue_fn visit;
  void* ctx;
} visitor;

static void tell(void* ctx, int32_t severity, sca_str key, const char* code, const char* message) {
  const visitor* v = ctx;
  const sca_config_issue issue = {sizeof issue, severity, key, {code, strlen(code)}, {message, strlen(message)}};
  v->visit(v->ctx, &issue);
}

static sca_status validate(const sca_connector* me, const sca_pair* config, size_t count, sca_config_issue_fn visit, void* ctx,
                           sca_error* e) {
  visitor v = {visit, ctx};
  (void)me, (void)e;
  judge(config, count, tell, &v);
  return SCA_OK; /* the issues are the answer; judging went well */
}

static void first_error(void* ctx, int32_t severity, sca_str key, const char* code, const char* message) {
  sca_error* e = ctx;
  (void)code;
  if (severity == SCA_ISSUE_WARNING || e->message[0]) return;
  snprintf(e->message, sizeof e->message, "%.*s: %s", (int)(key.size < 100 ? key.size : 100), key.data, message);
}

static sca_status create(const sca_connector* me, const sca_host* host, const sca_pair* config, size_t count, sca_sink** out,
                         sca_error* e) {
  (void)me;
  if (!SCA_HAS(host, sca_host, get_extension)) return sca_fail(e, SCA_UNSUPPORTED, "the host is older than version 1.0");
  e->message[0] = '\0';
  const sca_str path = judge(config, count, first_error, e);
  if (!path.data || e->message[0]) return SCA_INVALID_CONFIG;
  file_sink* s = calloc(1, sizeof *s + path.size + 1);
  if (!s) return sca_fail(e, SCA_OUT_OF_MEMORY, "out of memory");
  memcpy(s->path, path.data, path.size); /* the host's text is valid only until we return */
  s->host = host;
  s->base = (sca_sink){.struct_size = sizeof s->base,
                       .self = s,
                       .start = start,
                       .open = open_assignment,
                       .close = close_assignment,
                       .put = put,
                       .progress = progress, /* no flush: nothing is kept back */
                       .stop = stop,
                       .destroy = destroy};
  *out = &s->base;
  return SCA_OK;
}

/* ---- the one exported symbol
 * --------------------------------------------------------------------------------------------------- */

static const sca_connector connector = {.struct_size = sizeof connector,
                                        .id = SCA_STR("org.example.FileSinkConnector"),
                                        .alias = SCA_STR("FileSink"),
                                        .version = SCA_STR("1.0.0"),
                                        .description = SCA_STR("Appends record values to a file."),
                                        .keys = keys,
                                        .key_count = sizeof keys / sizeof *keys,
                                        .validate = validate,
                                        .create = create};
static const sca_connector* const connectors[] = {&connector};

const sca_plugin* sink_connector_plugin_v1(void) {
  static const sca_plugin plugin = {sizeof plugin, SCA_ABI_VERSION, connectors, 1};
  return &plugin;
}
