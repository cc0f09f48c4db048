/*
 * A libcuda.so.1 without a GPU, for the test of the load of bench/card.sh. It keeps the ABI of
 * cuda.h for the functions that the load calls, refuses what is called in the wrong order or with
 * wrong arguments, and computes nothing. Of its two devices the second has the UUID that NVML's
 * first has in the tests, because CUDA counts in an order of its own.
 */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { SUCCESS = 0, INVALID_VALUE = 1, NOT_INITIALIZED = 3, INVALID_PTX = 218 };
enum { DEVICES = 2, PROCESSORS = 3, THREADS = 256 };
#define MEMORY 0x7f0000001000ull

static int initialized, retained, current;
static char context, module, function;
static uint64_t allocated;

int cuInit(unsigned flags) {
  initialized = flags == 0;
  return initialized ? SUCCESS : INVALID_VALUE;
}

int cuGetErrorName(int code, const char **text) {
  *text = code == INVALID_PTX ? "CUDA_ERROR_INVALID_PTX" : "CUDA_ERROR_INVALID_VALUE";
  return SUCCESS;
}

int cuDeviceGetCount(int *count) {
  *count = DEVICES;
  return initialized ? SUCCESS : NOT_INITIALIZED;
}

int cuDeviceGet(int *device, int ordinal) {
  *device = 100 + ordinal;
  return ordinal >= 0 && ordinal < DEVICES ? SUCCESS : INVALID_VALUE;
}

int cuDeviceGetUuid(unsigned char uuid[16], int device) {
  static const unsigned char first[16] = {0xfa, 0x4e, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 1};
  memcpy(uuid, first, 16);
  if (device == 100) uuid[15] = 2;
  return SUCCESS;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
  if (attribute != 16 || device != 101) return INVALID_VALUE;
  *value = PROCESSORS;
  return SUCCESS;
}

int cuDevicePrimaryCtxRetain(void **out, int device) {
  *out = &context;
  retained = device == 101;
  return retained ? SUCCESS : INVALID_VALUE;
}

int cuCtxSetCurrent(void *given) {
  current = retained && given == &context;
  return current ? SUCCESS : INVALID_VALUE;
}

int cuModuleLoadData(void **out, const char *text) {
  if (!current) return INVALID_VALUE;
  if (strncmp(text, ".version", 8) != 0 || strstr(text, ".entry spin(") == NULL) return INVALID_PTX;
  *out = &module;
  return SUCCESS;
}

int cuModuleGetFunction(void **out, void *from, const char *name) {
  if (from != &module || strcmp(name, "spin") != 0) return INVALID_VALUE;
  *out = &function;
  return SUCCESS;
}

int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  allocated = bytes;
  *address = MEMORY;
  return SUCCESS;
}

int cuLaunchKernel(void *launched, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared, void *stream, void **parameters, void **extra) {
  if (launched != &function || gy != 1 || gz != 1 || by != 1 || bz != 1) return INVALID_VALUE;
  if (shared != 0 || stream != NULL || extra != NULL) return INVALID_VALUE;
  if (gx % PROCESSORS != 0 || bx != THREADS || allocated < 4ull * gx * bx) return INVALID_VALUE;
  if (*(uint64_t *)parameters[0] != MEMORY || *(uint32_t *)parameters[1] == 0) return INVALID_VALUE;
  return SUCCESS;
}

int cuCtxSynchronize(void) {
  usleep(10000);
  return SUCCESS;
}
