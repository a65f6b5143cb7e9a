/* The frozen header is version 1.0, to the byte. */
#include "frozen/v1_0/sink_connector.h"
#define LAYOUT_GROWN 0
#include "layout_check.h"
