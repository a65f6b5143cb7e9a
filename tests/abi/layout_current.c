/* The header of today still holds version 1.0 where 1.0 had it. */
#include "sca/sink_connector.h"
#define LAYOUT_GROWN 1
#include "layout_check.h"
