/* An extension of connectors: what a value of their configuration stands for, as text for people. `sink-host plugins --preset
 * NAME` asks it for what the value NAME of the key mapping.preset does. A plugin without it has nothing to say. */
#ifndef SCA_DESCRIBE_H
#define SCA_DESCRIBE_H
#include "sca/sink_connector.h"
#ifdef __cplusplus
extern "C" {
#endif

#define SCA_EXT_DESCRIBE "sca.describe/1" /* of a connector */
typedef struct sca_connector_describe {
  uint32_t struct_size, reserved;
  /* [any] Pure. Visits once with the text; SCA_INVALID_CONFIG, with the known values in the message, when there is none. */
  sca_status (*describe)(const sca_connector*, sca_str key, sca_str value, void (*visit)(void* ctx, sca_str text) SCA_NOTHROW,
                         void* ctx, sca_error*) SCA_NOTHROW;
} sca_connector_describe;

#ifdef __cplusplus
}
#endif
#endif
