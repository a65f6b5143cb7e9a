// MAPPING.md: a template written by hand (MAPPING.in.md) and, at its marks, what the sink's tables say. For generate_docs.cpp.
#pragma once
#include <string>
#include <string_view>

namespace doc {

// A '|' would end the cell, a '<' open a tag.
[[nodiscard]] std::string cell(std::string_view text);

[[nodiscard]] std::string mapping(std::string text, std::string_view generated);

}  // namespace doc
