/* A plugin of version 1.0, built against the header that was released with 1.0. Never edited: today's hosts must still run it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink_connector.h"

typedef struct {
  sca_sink base;
  const sca_host* host;
  FILE* file;
  sca_position open[64];
  size_t open_count;
  char path[1024];
} old_sink;

static sca_position* find(old_sink* s, uint64_t assignment) {
  for (size_t i = 0; i < s->open_count; ++i)
    if (s->open[i].assignment == assignment) return &s->open[i];
  return NULL;
}
static sca_status start(sca_sink* me, sca_error* e) {
  old_sink* s = (old_sink*)me;
  s->file = fopen(s->path, "ab");
  return s->file ? SCA_OK : sca_fail(e, SCA_UNAVAILABLE, "cannot open the file");
}
static sca_status open_assignment(sca_sink* me, const sca_assignment* a, sca_error* e) {
  old_sink* s = (old_sink*)me;
  if (s->open_count == 64) return sca_fail(e, SCA_UNSUPPORTED, "too many partitions");
  s->open[s->open_count].assignment = a->id;
  s->open[s->open_count++].offset = SCA_NO_POSITION;
  return SCA_OK;
}
static void close_assignment(sca_sink* me, uint64_t assignment) {
  old_sink* s = (old_sink*)me;
  sca_position* p = find(s, assignment);
  if (p) *p = s->open[--s->open_count];
}
static sca_status put(sca_sink* me, const sca_record* const* records, size_t count, size_t* accepted, sca_error* e) {
  old_sink* s = (old_sink*)me;
  for (; *accepted < count; ++*accepted) {
    const sca_record* r = records[*accepted];
    if (!r->value.data) {
      const sca_rejection no = {sizeof no, SCA_STAGE_DECODE, r->assignment, r->offset, SCA_STR("record.tombstone"), SCA_STR("no value")};
      s->host->reject(s->host, &no);
    } else {
      fwrite(r->value.data, 1, r->value.size, s->file);
      fputc('\n', s->file);
      if (fflush(s->file)) return sca_fail(e, SCA_UNAVAILABLE, "cannot write the file");
    }
    find(s, r->assignment)->offset = r->offset + 1;
  }
  return SCA_OK;
}
static sca_status progress(sca_sink* me, sca_position* positions, size_t count, sca_error* e) {
  (void)e;
  for (size_t i = 0; i < count; ++i) {
    const sca_position* p = find((old_sink*)me, positions[i].assignment);
    positions[i].offset = p ? p->offset : SCA_NO_POSITION;
  }
  return SCA_OK;
}
static void stop(sca_sink* me) {
  old_sink* s = (old_sink*)me;
  if (s->file) fclose(s->file);
  s->file = NULL;
}
static void destroy(sca_sink* me) { free(me); }

static sca_status create(const sca_connector* me, const sca_host* host, const sca_pair* config, size_t count, sca_sink** out, sca_error* e) {
  (void)me;
  if (!SCA_HAS(host, sca_host, get_extension)) return sca_fail(e, SCA_UNSUPPORTED, "the host is older than 1.0");
  old_sink* s = calloc(1, sizeof *s);
  if (!s) return sca_fail(e, SCA_OUT_OF_MEMORY, "out of memory");
  for (size_t i = 0; i < count; ++i)
    if (config[i].key.size == 9 && !memcmp(config[i].key.data, "file.path", 9) && config[i].value.size < sizeof s->path)
      memcpy(s->path, config[i].value.data, config[i].value.size);
  if (!s->path[0]) {
    free(s);
    return sca_fail(e, SCA_INVALID_CONFIG, "file.path is missing or too long");
  }
  s->host = host;
  s->base.struct_size = sizeof s->base;
  s->base.start = start;
  s->base.open = open_assignment;
  s->base.close = close_assignment;
  s->base.put = put;
  s->base.progress = progress;
  s->base.stop = stop;
  s->base.destroy = destroy;
  *out = &s->base;
  return SCA_OK;
}

static const sca_config_key path_key = {.struct_size = sizeof path_key, .flags = SCA_KEY_REQUIRED, .name = SCA_STR("file.path"),
                                        .doc = SCA_STR("The file to append to."), .group = SCA_STR("File")};
static const sca_config_key* const keys[] = {&path_key};
static const sca_connector connector = {.struct_size = sizeof connector, .id = SCA_STR("org.example.OldFileSink"), .version = SCA_STR("1.0"),
                                        .keys = keys, .key_count = 1, .create = create};
static const sca_connector* const connectors[] = {&connector};
const sca_plugin* sink_connector_plugin_v1(void) {
  static const sca_plugin plugin = {sizeof plugin, SCA_ABI_VERSION, connectors, 1};
  return &plugin;
}
