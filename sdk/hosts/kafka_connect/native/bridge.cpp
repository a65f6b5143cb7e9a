// JNI entry points of io.sinkconnector.Bridge. Each catches everything and throws a Java exception instead; none calls into Java
// otherwise, and all run on a thread of Java. Errors of this library and of the plugin become ConnectException with their text.
#include <jni.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "bridge_task.hpp"
#include "describe.hpp"
#include "registry.hpp"

namespace {

using namespace sca::jni;

// One per copy of this library in the process, that is, per class loader of Java. Java frees what is in it; never destroyed,
// because a JVM may end while task threads still run.
struct objects {
  registry<sca::library> libraries;
  registry<bridge_task> tasks;
};
objects& all() {
  static auto* const the = new objects;
  return *the;
}

constexpr const char* connect_exception = "org/apache/kafka/connect/errors/ConnectException";
constexpr const char* out_of_memory = "java/lang/OutOfMemoryError";

jbyteArray bytes(JNIEnv* env, const std::string& s) {
  jbyteArray out = env->NewByteArray(static_cast<jsize>(s.size()));
  if (out != nullptr) env->SetByteArrayRegion(out, 0, static_cast<jsize>(s.size()), reinterpret_cast<const jbyte*>(s.data()));
  return out;
}

// Java decodes the message: ThrowNew wants "modified" UTF-8, and a plugin's text may be anything. A step that fails has left its
// own exception pending.
void throw_java(JNIEnv* env, const char* type, const std::string& message) {
  if (env->ExceptionCheck()) return;
  jclass string = env->FindClass("java/lang/String");
  jmethodID decode = string != nullptr ? env->GetMethodID(string, "<init>", "([BLjava/lang/String;)V") : nullptr;
  jbyteArray raw = decode != nullptr ? bytes(env, message) : nullptr;
  jstring utf8 = raw != nullptr ? env->NewStringUTF("UTF-8") : nullptr;
  jobject text = utf8 != nullptr ? env->NewObject(string, decode, raw, utf8) : nullptr;
  jclass thrown = text != nullptr ? env->FindClass(type) : nullptr;
  jmethodID make = thrown != nullptr ? env->GetMethodID(thrown, "<init>", "(Ljava/lang/String;)V") : nullptr;
  jobject exception = make != nullptr ? env->NewObject(thrown, make, text) : nullptr;
  if (exception != nullptr) env->Throw(static_cast<jthrowable>(exception));
}

// Runs body and turns whatever leaves it into a Java exception.
template <class Body>
auto guarded(JNIEnv* env, Body body) -> decltype(body()) {
  using value = decltype(body());
  try {
    return body();
  } catch (const std::bad_alloc&) {
    throw_java(env, out_of_memory, "native memory");
  } catch (const std::exception& e) {
    throw_java(env, connect_exception, e.what());
  } catch (...) {
    throw_java(env, connect_exception, "unknown native exception");
  }
  if constexpr (!std::is_void_v<value>) return value{};
}

template <class T>
T must(sca::result<T> r) {
  if (!r) throw std::runtime_error(r.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*r);
}

std::string text(JNIEnv* env, jbyteArray bytes) {
  if (bytes == nullptr) throw std::runtime_error("null instead of a text");
  std::string out(static_cast<std::size_t>(env->GetArrayLength(bytes)), '\0');
  env->GetByteArrayRegion(bytes, 0, static_cast<jsize>(out.size()), reinterpret_cast<jbyte*>(out.data()));
  return out;
}

// The configuration as Java packs it: key, value, key, value … as UTF-8 byte arrays.
struct configuration {
  std::vector<std::string> texts;
  std::vector<sca_pair> pairs;
};
configuration read_configuration(JNIEnv* env, jobjectArray list) {
  configuration out;
  const auto n = list == nullptr ? 0 : env->GetArrayLength(list);
  for (jsize i = 0; i < n; ++i) {
    auto* item = static_cast<jbyteArray>(env->GetObjectArrayElement(list, i));
    out.texts.push_back(item != nullptr ? text(env, item) : std::string());
    env->DeleteLocalRef(item);
  }
  for (std::size_t i = 0; i + 1 < out.texts.size(); i += 2)
    out.pairs.push_back({sca::str(out.texts[i]), sca::str(out.texts[i + 1])});
  return out;
}

std::shared_ptr<sca::library> library_of(jlong handle) {
  auto found = all().libraries.find(handle);
  if (!found) throw std::runtime_error("native library handle is closed or was never open");
  return found;
}
std::shared_ptr<bridge_task> task_of(jlong handle) {
  auto found = all().tasks.find(handle);
  if (!found) throw std::runtime_error("native task handle is closed or was never open");
  return found;
}
const sca_connector& connector_of(const sca::library& plugin, const std::string& id) {
  const auto* found = plugin.find(id);
  if (found == nullptr) throw std::runtime_error(plugin.file().string() + " has no connector " + id);
  return *found;
}

}  // namespace

#define BRIDGE(type, name) extern "C" JNIEXPORT type JNICALL Java_io_sinkconnector_Bridge_##name

BRIDGE(jlong, openLibrary)(JNIEnv* env, jclass, jbyteArray file) {
  return guarded(env, [&]() -> jlong {
    sca::load_error why{};
    std::shared_ptr<sca::library> opened = sca::library::open(text(env, file), why);
    if (!opened) throw std::runtime_error(why.message);
    return all().libraries.add(std::move(opened));
  });
}
BRIDGE(void, closeLibrary)(JNIEnv* env, jclass, jlong library) {
  guarded(env, [&] { all().libraries.remove(library); });
}
BRIDGE(jbyteArray, describe)(JNIEnv* env, jclass, jlong library) {
  return guarded(env, [&] { return bytes(env, describe(*library_of(library))); });
}
BRIDGE(jbyteArray, validate)(JNIEnv* env, jclass, jlong library, jbyteArray id, jobjectArray config) {
  return guarded(env, [&] {
    const auto plugin = library_of(library);
    const auto c = read_configuration(env, config);
    return bytes(env, must(validate(connector_of(*plugin, text(env, id)), c.pairs)));
  });
}
BRIDGE(jlong, createTask)
(JNIEnv* env, jclass, jlong library, jbyteArray id, jbyteArray name, jint number, jbyteArray host_version, jint level,
 jobjectArray config) {
  return guarded(env, [&]() -> jlong {
    const auto plugin = library_of(library);
    const auto c = read_configuration(env, config);
    sca::sink_task_options options;
    options.connector = text(env, name);
    options.task = static_cast<std::uint32_t>(number);
    options.host_name = "kafka-connect";
    options.host_version = text(env, host_version);
    std::shared_ptr<bridge_task> made =
        must(bridge_task::create(plugin, connector_of(*plugin, text(env, id)), c.pairs, options, level));
    return all().tasks.add(std::move(made));
  });
}
BRIDGE(void, startTask)(JNIEnv* env, jclass, jlong task) {
  guarded(env, [&] { must(task_of(task)->task().start()); });
}
BRIDGE(void, open)(JNIEnv* env, jclass, jlong task, jbyteArray topic, jint partition) {
  guarded(env, [&] { must(task_of(task)->task().open(text(env, topic), partition)); });
}
BRIDGE(void, close)(JNIEnv* env, jclass, jlong task, jbyteArray topic, jint partition) {
  guarded(env, [&] { task_of(task)->task().close(text(env, topic), partition); });
}
BRIDGE(void, put)(JNIEnv* env, jclass, jlong task, jobject buffer, jint size) {
  guarded(env, [&] {
    const auto found = task_of(task);
    // JNI asks no null what it is: it would crash.
    const auto* at = buffer == nullptr ? nullptr : static_cast<const char*>(env->GetDirectBufferAddress(buffer));
    const auto capacity = at == nullptr ? -1 : env->GetDirectBufferCapacity(buffer);
    if (at == nullptr || size < 0 || size > capacity)
      throw std::runtime_error("packed records: not a direct buffer of that size");
    must(found->offer({at, static_cast<std::size_t>(size)}));
  });
}
BRIDGE(jbyteArray, pull)(JNIEnv* env, jclass, jlong task) {
  return guarded(env, [&] { return bytes(env, task_of(task)->pull()); });
}
BRIDGE(jbyteArray, metrics)(JNIEnv* env, jclass, jlong task) {
  return guarded(env, [&] { return bytes(env, task_of(task)->metrics()); });
}
BRIDGE(void, settled)(JNIEnv* env, jclass, jlong task, jlong ticket, jint durable) {
  guarded(env, [&] {
    task_of(task)->task().settled(static_cast<std::uint64_t>(ticket),
                                  durable != 0 ? sca::settlement::durable : sca::settlement::failed);
  });
}
BRIDGE(jint, idle)(JNIEnv* env, jclass, jlong task, jbyteArray topic, jint partition) {
  return guarded(env, [&]() -> jint { return task_of(task)->task().idle(text(env, topic), partition) ? 1 : 0; });
}
BRIDGE(void, logLevel)(JNIEnv* env, jclass, jlong task, jint level) {
  guarded(env, [&] { task_of(task)->log_at(level); });
}
BRIDGE(void, flush)(JNIEnv* env, jclass, jlong task, jint timeout_ms) {
  guarded(env, [&] { must(task_of(task)->task().flush(std::chrono::milliseconds(timeout_ms))); });
}
BRIDGE(void, stopTask)(JNIEnv* env, jclass, jlong task) {
  guarded(env, [&] { task_of(task)->task().stop(); });
}
BRIDGE(void, destroyTask)(JNIEnv* env, jclass, jlong task) {
  guarded(env, [&] { all().tasks.remove(task); });
}

extern "C" JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM*, void*) { return JNI_VERSION_1_8; }
