/* For thread sanitizer builds only: what the sanitizer must know of libraries that it did not instrument. Debian's librdkafka
 * starts and locks by C11's <threads.h>, which gcc 12's sanitizer does not know: its threads crash. So the executable brings
 * those functions itself, over the pthread ones that the sanitizer watches. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

#define PUBLIC __attribute__((visibility("default")))

_Static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t), "glibc's mtx_t holds a pthread_mutex_t");
_Static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t), "glibc's cnd_t holds a pthread_cond_t");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "glibc's thrd_t is a pthread_t");

struct start {
  thrd_start_t function;
  void* argument;
};

static void* run(void* p) {
  const struct start s = *(struct start*)p;
  free(p);
  return (void*)(intptr_t)s.function(s.argument);
}

static int outcome(int error) { return error == 0 ? thrd_success : error == EBUSY ? thrd_busy : thrd_error; }
static pthread_mutex_t* mutex_of(mtx_t* m) { return (pthread_mutex_t*)(void*)m; }
static pthread_cond_t* cond_of(cnd_t* c) { return (pthread_cond_t*)(void*)c; }

PUBLIC int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  struct start* s = malloc(sizeof *s);
  if (s == NULL) return thrd_nomem;
  s->function = function;
  s->argument = argument;
  const int error = pthread_create(thread, NULL, run, s);
  if (error != 0) free(s);
  return outcome(error);
}
PUBLIC int thrd_join(thrd_t thread, int* result) {
  void* value = NULL;
  const int error = pthread_join(thread, &value);
  if (result != NULL) *result = (int)(intptr_t)value;
  return outcome(error);
}
PUBLIC int thrd_detach(thrd_t thread) { return outcome(pthread_detach(thread)); }

PUBLIC int mtx_init(mtx_t* m, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((type & mtx_recursive) != 0) pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  const int error = pthread_mutex_init(mutex_of(m), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return outcome(error);
}
PUBLIC int mtx_lock(mtx_t* m) { return outcome(pthread_mutex_lock(mutex_of(m))); }
PUBLIC int mtx_trylock(mtx_t* m) { return outcome(pthread_mutex_trylock(mutex_of(m))); }
PUBLIC int mtx_unlock(mtx_t* m) { return outcome(pthread_mutex_unlock(mutex_of(m))); }
PUBLIC void mtx_destroy(mtx_t* m) { pthread_mutex_destroy(mutex_of(m)); }

PUBLIC int cnd_init(cnd_t* c) { return outcome(pthread_cond_init(cond_of(c), NULL)); }
PUBLIC int cnd_signal(cnd_t* c) { return outcome(pthread_cond_signal(cond_of(c))); }
PUBLIC int cnd_broadcast(cnd_t* c) { return outcome(pthread_cond_broadcast(cond_of(c))); }
PUBLIC int cnd_wait(cnd_t* c, mtx_t* m) { return outcome(pthread_cond_wait(cond_of(c), mutex_of(m))); }
PUBLIC int cnd_timedwait(cnd_t* c, mtx_t* m, const struct timespec* until) {
  const int error = pthread_cond_timedwait(cond_of(c), mutex_of(m), until);
  return error == ETIMEDOUT ? thrd_timedout : outcome(error);
}
PUBLIC void cnd_destroy(cnd_t* c) { pthread_cond_destroy(cond_of(c)); }

/* Races between librdkafka's own threads are not ours to mend. cpp-httplib fills static sets on first use, and the sanitizer does
 * not see the guard that later readers check: memory that the library itself copies and compares is left out, our handlers are
 * not. */
PUBLIC const char* __tsan_default_suppressions(void);
const char* __tsan_default_suppressions(void) { return "race:librdkafka.so\ncalled_from_lib:libcpp-httplib.so\n"; }
