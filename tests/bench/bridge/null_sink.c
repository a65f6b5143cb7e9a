/* A sink that is done with a record as soon as it sees it: what remains is the cost of bringing records to it. */
#include <stdlib.h>
#include "sca/sink_connector.h"

#define MOST_OPEN 64
typedef struct {
  sca_sink base;
  sca_position done[MOST_OPEN];
  size_t open_count;
} null_sink;

static sca_position* find(null_sink* s, uint64_t assignment) {
  for (size_t i = 0; i < s->open_count; ++i)
    if (s->done[i].assignment == assignment) return &s->done[i];
  return NULL;
}
static sca_status start_sink(sca_sink* me, sca_error* e) {
  (void)me;
  (void)e;
  return SCA_OK;
}
static sca_status open_partition(sca_sink* me, const sca_assignment* a, sca_error* e) {
  null_sink* s = (null_sink*)me;
  if (s->open_count == MOST_OPEN) return sca_fail(e, SCA_UNSUPPORTED, "too many partitions for this sink");
  s->done[s->open_count++] = (sca_position){a->id, SCA_NO_POSITION};
  return SCA_OK;
}
static void close_partition(sca_sink* me, uint64_t assignment) {
  null_sink* s = (null_sink*)me;
  sca_position* p = find(s, assignment);
  if (p) *p = s->done[--s->open_count];
}
static sca_status put(sca_sink* me, const sca_record* const* r, size_t n, size_t* accepted, sca_error* e) {
  (void)e;
  for (; *accepted < n; ++*accepted) find((null_sink*)me, r[*accepted]->assignment)->offset = r[*accepted]->offset + 1;
  return SCA_OK;
}
static sca_status progress(sca_sink* me, sca_position* p, size_t n, sca_error* e) {
  (void)e;
  for (; n > 0; --n, ++p) {
    const sca_position* d = find((null_sink*)me, p->assignment);
    p->offset = d ? d->offset : SCA_NO_POSITION;
  }
  return SCA_OK;
}
static void stop(sca_sink* me) { (void)me; }
static void destroy(sca_sink* me) { free(me); }

static sca_status create(const sca_connector* me, const sca_host* host, const sca_pair* c, size_t n, sca_sink** out,
                         sca_error* e) {
  (void)me;
  (void)host;
  (void)c;
  (void)n;
  null_sink* s = calloc(1, sizeof *s);
  if (!s) return sca_fail(e, SCA_OUT_OF_MEMORY, "out of memory");
  s->base = (sca_sink){.struct_size = sizeof s->base,
                       .start = start_sink,
                       .open = open_partition,
                       .close = close_partition,
                       .put = put,
                       .progress = progress,
                       .stop = stop,
                       .destroy = destroy};
  *out = &s->base;
  return SCA_OK;
}
static const sca_connector null_connector = {
    .struct_size = sizeof null_connector, .id = SCA_STR("org.example.NullSink"), .version = SCA_STR("1.0"), .create = create};
static const sca_connector* const connectors[] = {&null_connector};
const sca_plugin* sink_connector_plugin_v1(void) {
  static const sca_plugin plugin = {sizeof plugin, SCA_ABI_VERSION, connectors, 1};
  return &plugin;
}
