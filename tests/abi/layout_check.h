/* Asserts layout_v1_0.inc on whatever header was included before. LAYOUT_GROWN says whether structs may have become longer. */
#define FIXED(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has changed its size");
#if LAYOUT_GROWN
#define GROWING(type, bytes) _Static_assert(sizeof(type) >= (bytes), #type " has become shorter");
#else
#define GROWING(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has changed its size");
#endif
#define MEMBER(type, member, offset, bytes)                                           \
  _Static_assert(offsetof(type, member) == (offset), #type "." #member " has moved"); \
  _Static_assert(sizeof(((type*)0)->member) == (bytes), #type "." #member " has changed size");
#define VALUE(name, number) _Static_assert((int)(name) == (number), #name " has changed its number");
#include "layout_v1_0.inc"
#undef FIXED
#undef GROWING
#undef MEMBER
#undef VALUE
