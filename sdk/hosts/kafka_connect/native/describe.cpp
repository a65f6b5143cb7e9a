#include "describe.hpp"

#include "packed.hpp"

namespace sca::jni {
namespace {

void add_key(answer& out, const sca_config_key& k) {
  out.text(view(k.name));
  out.number32(k.type);
  out.number32(static_cast<std::int32_t>(k.flags));
  out.number32(k.importance);
  out.text(view(k.doc));
  out.text(view(k.group));
  out.text(view(k.display_name));
  out.text(view(k.replaced_by));
  out.number32(k.default_value.data != nullptr ? 1 : 0);
  out.text(view(k.default_value));
  out.real(k.min_value);
  out.real(k.max_value);
  out.number32(static_cast<std::int32_t>(k.valid_value_count));
  for (std::size_t i = 0; i < k.valid_value_count; ++i) out.text(view(k.valid_values[i]));
}

struct issues {
  std::int32_t count = 0;
  answer rows;
  bool out_of_memory = false;
};

}  // namespace

std::string describe(const library& plugin) {
  answer out;
  out.number32(static_cast<std::int32_t>(plugin.connectors().size()));
  for (const auto* c : plugin.connectors()) {
    out.text(view(c->id));
    out.text(view(c->alias));
    out.text(view(c->version));
    out.text(view(c->description));
    out.number32(static_cast<std::int32_t>(c->key_count));
    for (std::size_t i = 0; i < c->key_count; ++i) add_key(out, *c->keys[i]);
  }
  return out.take();
}

result<std::string> validate(const sca_connector& connector, std::span<const sca_pair> config) {
  issues found;
  if (SCA_HAS(&connector, sca_connector, validate) && connector.validate != nullptr) {
    sca_error why = SCA_ERROR_INIT;
    const auto status = connector.validate(
        &connector, config.data(), config.size(),
        [](void* ctx, const sca_config_issue* i) noexcept {
          auto& to = *static_cast<issues*>(ctx);
          try {
            to.rows.number32(i->severity);
            to.rows.text(view(i->key));
            to.rows.text(view(i->code));
            to.rows.text(view(i->message));
            ++to.count;
          } catch (const std::bad_alloc&) {
            to.out_of_memory = true;
          }
        },
        &found, &why);
    if (status != SCA_OK) return fail(status, why.message);
    if (found.out_of_memory) return fail(SCA_OUT_OF_MEMORY, "out of memory while validating");
  }
  answer out;
  out.number32(found.count);
  return out.take() + found.rows.bytes();
}

}  // namespace sca::jni
