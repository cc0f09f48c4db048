/*
 * A libnvidia-ml.so.1 without a GPU, for tests and for trying Chase by hand. It keeps the ABI of
 * NVML (names, struct layouts, return codes) and invents the GPUs behind it.
 *
 * Build, in this folder:
 *   mkdir -p /tmp/fake
 *   gcc -shared -fPIC -Wall -Wextra -Werror -Wl,-soname,libnvidia-ml.so.1 \
 *       -o /tmp/fake/libnvidia-ml.so.1 fake_nvml.c -lm -lpthread
 *   gcc -Wall -Wextra -Werror -DFAKE_NVML_CTL -o /tmp/fake/fake-nvml-ctl fake_nvml.c -lm -lpthread
 * Add -DFAKE_NVML_OLD for a driver without batched fields, the clocks *event* reasons, GPM counters
 * and the later versions of the process lists; -DFAKE_NVML_V2 for one that lacks only the last of these.
 * -DFAKE_NVML_VERSION='"999.26.01"' makes it a library of that version.
 *
 * Run a program on it: LD_LIBRARY_PATH=/tmp/fake PROGRAM, or give Chase the library's path.
 * All state is one file that every process shares: $FAKE_NVML_STATE, else fake-nvml.state beside
 * the library. It comes to life as h100,a100,v100 when nobody has written it yet. To change it:
 *   /tmp/fake/fake-nvml-ctl /tmp/fake/fake-nvml.state show      (no command: lists all commands)
 *
 * Power approaches min(load, enforced limit) with a time constant of 0.5 s and moves, as the energy
 * counter and the GPM counters do, every 100 ms.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* ---- the ABI -------------------------------------------------------------------------------- */

enum {
  SUCCESS = 0,
  UNINITIALIZED = 1,
  INVALID_ARGUMENT = 2,
  NOT_SUPPORTED = 3,
  NO_PERMISSION = 4,
  NOT_FOUND = 6,
  INSUFFICIENT_SIZE = 7,
  GPU_IS_LOST = 15,
  UNKNOWN = 999
};

typedef struct handle *nvmlDevice_t;

typedef struct {
  char busIdLegacy[16];
  unsigned domain, bus, device, pciDeviceId, pciSubSystemId;
  char busId[32];
} nvmlPciInfo_t;

typedef struct {
  unsigned gpu, memory;
} nvmlUtilization_t;

typedef struct {
  unsigned long long total, free, used;
} nvmlMemory_t;

typedef struct {
  unsigned version;
  unsigned long long total, reserved, free, used;
} nvmlMemory_v2_t;

typedef struct {
  unsigned pid;
  unsigned long long usedGpuMemory;
} nvmlProcessInfo_v1_t;

typedef struct {
  unsigned pid;
  unsigned long long usedGpuMemory;
  unsigned gpuInstanceId, computeInstanceId;
} nvmlProcessInfo_t;

typedef struct {
  unsigned fieldId, scopeId;
  long long timestamp, latencyUsec;
  int valueType, nvmlReturn;
  union {
    double d;
    unsigned ui;
    unsigned long long ull;
  } value;
} nvmlFieldValue_t;

typedef struct {
  unsigned long long referenceTime, violationTime;
} nvmlViolationTime_t;

typedef struct {
  unsigned version, isSupportedDevice;
} nvmlGpmSupport_t;

typedef struct nvmlGpmSample_st *nvmlGpmSample_t;

typedef struct {
  unsigned metricId;
  int nvmlReturn;
  double value;
  struct {
    char *shortName, *longName, *unit;
  } metricInfo;
} nvmlGpmMetric_t;

#define GPM_METRIC_MAX 333 /* header 13.2; smaller before */
typedef struct {
  unsigned version, numMetrics;
  nvmlGpmSample_t sample1, sample2;
  nvmlGpmMetric_t metrics[GPM_METRIC_MAX];
} nvmlGpmMetricsGet_t;

enum { VALUE_DOUBLE = 0, VALUE_UINT = 1, VALUE_ULONGLONG = 3 };
/* what a GPU reports instead of its power and energy */
enum { SENSE, ALL_ONES, NOT_A_NUMBER, INFINITE };

_Static_assert(sizeof(nvmlPciInfo_t) == 68, "nvmlPciInfo_t");
_Static_assert(offsetof(nvmlPciInfo_t, busId) == 36, "nvmlPciInfo_t.busId");
_Static_assert(sizeof(nvmlUtilization_t) == 8, "nvmlUtilization_t");
_Static_assert(sizeof(nvmlMemory_t) == 24, "nvmlMemory_t");
_Static_assert(sizeof(nvmlMemory_v2_t) == 40, "nvmlMemory_v2_t");
_Static_assert(sizeof(nvmlProcessInfo_v1_t) == 16, "nvmlProcessInfo_v1_t");
_Static_assert(sizeof(nvmlProcessInfo_t) == 24, "nvmlProcessInfo_t");
_Static_assert(sizeof(nvmlFieldValue_t) == 40, "nvmlFieldValue_t");
_Static_assert(offsetof(nvmlFieldValue_t, valueType) == 24, "nvmlFieldValue_t.valueType");
_Static_assert(offsetof(nvmlFieldValue_t, nvmlReturn) == 28, "nvmlFieldValue_t.nvmlReturn");
_Static_assert(offsetof(nvmlFieldValue_t, value) == 32, "nvmlFieldValue_t.value");
_Static_assert(sizeof(nvmlViolationTime_t) == 16, "nvmlViolationTime_t");
_Static_assert(sizeof(nvmlGpmSupport_t) == 8, "nvmlGpmSupport_t");
_Static_assert(sizeof(nvmlGpmMetric_t) == 40, "nvmlGpmMetric_t");
_Static_assert(offsetof(nvmlGpmMetric_t, value) == 8, "nvmlGpmMetric_t.value");
_Static_assert(offsetof(nvmlGpmMetricsGet_t, sample1) == 8, "nvmlGpmMetricsGet_t.sample1");
_Static_assert(offsetof(nvmlGpmMetricsGet_t, metrics) == 24, "nvmlGpmMetricsGet_t.metrics");
_Static_assert(sizeof(nvmlGpmMetricsGet_t) == 13344, "nvmlGpmMetricsGet_t");

/* ---- the models ----------------------------------------------------------------------------- */

/* Capabilities of a GPU; `off GPU NAME` takes one away. */
#define CAPABILITIES(X)                                                                         \
  X(POWER, "power") X(AVERAGE, "average") X(GPU_SCOPE, "gpu-scope") X(MODULE, "module")         \
  X(REQUESTED, "requested") X(ENFORCED, "enforced") X(DEFAULT, "default")                       \
  X(CONSTRAINTS, "constraints") X(SETTER, "setter") X(ENERGY, "energy")                         \
  X(UTILIZATION, "utilization") X(CLOCKS, "clocks") X(TEMPERATURE, "temperature")               \
  X(REASONS, "reasons") X(CAPPED, "capped") X(MIG, "mig") X(PERSISTENCE, "persistence")         \
  X(VIRTUALIZATION, "virtualization") X(FIELDS, "fields") X(GPM, "gpm")                         \
  X(FP64, "fp64") X(PROCESSES, "processes") X(LOCKS, "locks") X(MEMORY_LOCKS, "memory-locks")

enum {
#define X(NAME, TEXT) BIT_##NAME,
  CAPABILITIES(X)
#undef X
  CAPABILITY_COUNT
};
enum {
#define X(NAME, TEXT) CAN_##NAME = 1 << BIT_##NAME,
  CAPABILITIES(X)
#undef X
  CAN_ALWAYS = 0,
  CAN_ALL = (1 << CAPABILITY_COUNT) - 1
};

struct model {
  const char *key, *name;
  unsigned min_w, default_w, max_w, idle_w, load_w, sm_mhz, memory_mhz, gigabytes;
  unsigned lacks;
};

static const struct model models[] = {
    {"h100", "NVIDIA H100 80GB HBM3", 200, 700, 700, 70, 632, 1980, 2619, 80, CAN_MODULE},
    {"a100", "NVIDIA A100-SXM4-80GB", 100, 400, 400, 60, 380, 1410, 1593, 80,
     CAN_MODULE | CAN_AVERAGE | CAN_GPM},
    {"v100", "Tesla V100-PCIE-32GB", 100, 250, 250, 35, 240, 1380, 877, 32,
     CAN_MODULE | CAN_AVERAGE | CAN_MIG | CAN_GPM | CAN_MEMORY_LOCKS},
    {"l40s", "NVIDIA L40S", 100, 350, 350, 35, 330, 2520, 9001, 48,
     CAN_MODULE | CAN_MIG | CAN_GPM},
    {"rtx4080s", "NVIDIA GeForce RTX 4080 SUPER", 150, 320, 400, 15, 310, 2550, 11501, 16,
     CAN_MODULE | CAN_MIG | CAN_GPM},
    {"gh200", "NVIDIA GH200 480GB", 100, 900, 900, 90, 650, 1980, 2619, 96, CAN_GPU_SCOPE},
    {"p100", "Tesla P100-PCIE-16GB", 125, 250, 250, 30, 230, 1328, 715, 16,
     CAN_MODULE | CAN_AVERAGE | CAN_MIG | CAN_ENERGY | CAN_GPM | CAN_LOCKS | CAN_MEMORY_LOCKS},
    {"laptop", "NVIDIA GeForce RTX 4080 Laptop GPU", 5, 80, 150, 8, 80, 2280, 9001, 12,
     CAN_MODULE | CAN_MIG | CAN_REQUESTED | CAN_DEFAULT | CAN_CONSTRAINTS | CAN_SETTER | CAN_GPM},
};
enum { MODEL_COUNT = sizeof models / sizeof models[0] };
#define HOST_MW 100000 /* what a module draws beside its GPU */

/* ---- the shared state ----------------------------------------------------------------------- */

enum { MAX_GPUS = 16, MAX_LOG = 8192, MAX_NAMES = 96, MAX_PROCESSES = 128, NO_CEILING = 0 };
enum { MAX_GLITCHES = 16, ALL = -1, HANG = -1, FOR_GOOD = -1 };
#define MAGIC 0x46414b454e564d38ull
#define TICK_NS 100000000ll
#define TAU_NS 500000000.0

struct gpu {
  int model;
  unsigned has;
  int fail, handle_fail, eperm, mig, persistence, virtualization;
  unsigned requested, ceiling, load; /* mW */
  unsigned gpu_clocks[2], memory_clocks[2]; /* locked MHz; 0 to 0 when not */
  int64_t tick_ns;
  double power_mw, energy_mj, capped_ns;
  double pipes_ns; /* time that the floating-point pipes worked, all of them together */
  int gpm_fail, nonsense;
  /* what the driver keeps of a limit: a share of it, then whole steps, then within bounds (mW) */
  int keeps_permille, keeps_step, keeps_step_up, keeps_least, keeps_most, keeps_nothing;
  int processes;
  struct process {
    unsigned pid, instance;
    unsigned long long memory;
  } process[MAX_PROCESSES];
};

struct write {
  int64_t at_us;
  int gpu, code, pid;
  unsigned mw;
};

/* Functions whose names begin with `call`, or are `call` where it ends with `!`, hang, or return `code` the next `times` times. */
struct glitch {
  int gpu, code, times;
  char call[56];
};

struct state {
  uint64_t magic;
  pthread_mutex_t lock;
  int count, generation, hang, init_code;
  int samples; /* GPM samples that were allocated and not freed, by any process */
  unsigned delay_us;
  int64_t skipped_ns;
  struct gpu gpus[MAX_GPUS];
  int glitches;
  struct glitch glitch[MAX_GLITCHES];
  uint64_t writes;
  struct write log[MAX_LOG];
  int names;
  struct {
    char name[56];
    uint64_t count;
  } calls[MAX_NAMES];
};

static struct state *state;

static void lock(void) {
  /* Robust: a process killed inside a call must not stop the others. */
  if (pthread_mutex_lock(&state->lock) == EOWNERDEAD) pthread_mutex_consistent(&state->lock);
}

static int leave(int code) {
  pthread_mutex_unlock(&state->lock);
  return code;
}

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec + state->skipped_ns;
}

static int64_t wall_us(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * 1000000ll + time.tv_nsec / 1000;
}

static const struct model *model_of(const struct gpu *gpu) { return &models[gpu->model]; }

static unsigned enforced(const struct gpu *gpu) {
  return gpu->ceiling != NO_CEILING && gpu->ceiling < gpu->requested ? gpu->ceiling
                                                                     : gpu->requested;
}

static int capped(const struct gpu *gpu) { return enforced(gpu) < gpu->load; }

static int busy(const struct gpu *gpu) { return gpu->load > model_of(gpu)->idle_w * 1000; }

/* The SM clock as a share of the highest. */
static double clock_share(const struct gpu *gpu) {
  double power = busy(gpu) ? gpu->power_mw / gpu->load : 0.17;
  return cbrt(power < 1 ? power : 1);
}

/* The pipes' share of cycles: half at full clock; more below, as a fifth of the work is memory's. */
static double pipe_share(const struct gpu *gpu) {
  double clock = clock_share(gpu);
  return busy(gpu) ? 0.5 / (0.8 + 0.2 * clock) : 0;
}

/* Brings power and counters up to the last tick; call it before anything that they depend on. */
static void advance(struct gpu *gpu) {
  int64_t tick = now_ns() / TICK_NS * TICK_NS;
  double elapsed = (double)(tick - gpu->tick_ns);
  if (elapsed <= 0) return;
  double target = capped(gpu) ? enforced(gpu) : gpu->load;
  double idle = model_of(gpu)->idle_w * 1000.0;
  if (target < idle) target = idle;
  double left = exp(-elapsed / TAU_NS);
  double away = gpu->power_mw - target;
  gpu->energy_mj += (target * elapsed + away * TAU_NS * (1 - left)) / 1e9;
  gpu->power_mw = target + away * left;
  if (capped(gpu)) gpu->capped_ns += elapsed;
  gpu->pipes_ns += elapsed * pipe_share(gpu);
  gpu->tick_ns = tick;
}

static void restart(struct gpu *gpu) {
  gpu->requested = model_of(gpu)->default_w * 1000;
  gpu->power_mw = model_of(gpu)->idle_w * 1000.0;
  gpu->energy_mj = gpu->capped_ns = gpu->pipes_ns = 0;
  memset(gpu->gpu_clocks, 0, sizeof gpu->gpu_clocks);
  memset(gpu->memory_clocks, 0, sizeof gpu->memory_clocks);
  gpu->tick_ns = now_ns() / TICK_NS * TICK_NS;
}

static int model_named(const char *key) {
  for (int i = 0; i < MODEL_COUNT; i++)
    if (strcmp(models[i].key, key) == 0) return i;
  return -1;
}

/* Fills the state with fresh GPUs; the names are checked by the caller. */
static void populate(const char *keys) {
  char copy[256];
  snprintf(copy, sizeof copy, "%s", keys);
  int generation = state->generation + 1, samples = state->samples;
  size_t fresh = offsetof(struct state, count);
  memset((char *)state + fresh, 0, sizeof *state - fresh);
  state->generation = generation;
  state->samples = samples;
  char *rest = copy;
  for (char *key; (key = strsep(&rest, ",")) != NULL && state->count < MAX_GPUS;) {
    struct gpu *gpu = &state->gpus[state->count++];
    gpu->model = model_named(key);
    gpu->has = CAN_ALL & ~model_of(gpu)->lacks;
    gpu->load = model_of(gpu)->load_w * 1000;
    restart(gpu);
  }
}

/* Maps the state file and, if nobody has yet, makes the lock and three GPUs in it. */
static int attach_to(const char *path) {
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return 0;
  flock(file, LOCK_EX);
  struct stat size;
  int mapped = 0;
  if (fstat(file, &size) == 0 &&
      (size.st_size == sizeof *state || ftruncate(file, sizeof *state) == 0)) {
    void *memory = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    mapped = memory != MAP_FAILED;
    if (mapped) state = memory;
  }
  if (mapped && state->magic != MAGIC) {
    pthread_mutexattr_t shared;
    pthread_mutexattr_init(&shared);
    pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&state->lock, &shared);
    populate("h100,a100,v100");
    state->magic = MAGIC;
  }
  flock(file, LOCK_UN);
  close(file);
  return mapped;
}

/* ---- entering a call ------------------------------------------------------------------------ */

struct handle {
  int index;
};
static struct handle handles[MAX_GPUS];
static int initialized; /* nvmlInit counts in each process */
static int seen_generation;
static pthread_once_t attached = PTHREAD_ONCE_INIT;

static void attach(void) {
  char beside[4096];
  const char *path = getenv("FAKE_NVML_STATE");
  Dl_info here;
  if (path == NULL && dladdr(&state, &here) != 0) {
    const char *slash = strrchr(here.dli_fname, '/');
    int folder = slash == NULL ? 0 : (int)(slash - here.dli_fname + 1);
    snprintf(beside, sizeof beside, "%.*sfake-nvml.state", folder, here.dli_fname);
    path = beside;
  }
  for (int i = 0; i < MAX_GPUS; i++) handles[i].index = i;
  if (path == NULL || !attach_to(path))
    fprintf(stderr, "fake NVML: cannot map its state %s\n", path == NULL ? "file" : path);
}

static void count_call(const char *name) {
  int i = 0;
  while (i < state->names && strcmp(state->calls[i].name, name) != 0) i++;
  if (i == MAX_NAMES) return;
  if (i == state->names) {
    snprintf(state->calls[i].name, sizeof state->calls[i].name, "%s", name);
    state->names++;
  }
  state->calls[i].count++;
}

static int concerns(const struct glitch *glitch, const char *name) {
  size_t length = strlen(glitch->call);
  if (length > 0 && glitch->call[length - 1] == '!')
    return strlen(name) == length - 1 && strncmp(name, glitch->call, length - 1) == 0;
  return strncmp(name, glitch->call, length) == 0;
}

/* Waits while the call hangs on this GPU, with the lock free; returns the code to fail with. */
static int fault_of(const char *name, int gpu) {
  for (;;) {
    struct glitch *hit = NULL;
    for (int i = 0; i < state->glitches && hit == NULL; i++) {
      struct glitch *one = &state->glitch[i];
      if (one->gpu == gpu && one->times != 0 && concerns(one, name)) hit = one;
    }
    if (hit == NULL) return SUCCESS;
    if (hit->code != HANG) {
      if (hit->times != FOR_GOOD) hit->times--;
      return hit->code;
    }
    leave(SUCCESS);
    usleep(2000);
    lock();
  }
}

/* Counts the call, waits as the state says, and returns with the lock held if it succeeds. */
static int enter_library(const char *name) {
  pthread_once(&attached, attach);
  if (state == NULL) return UNKNOWN;
  lock();
  count_call(name);
  unsigned delay = state->delay_us;
  leave(SUCCESS);
  if (delay > 0) usleep(delay);
  lock();
  while (state->hang) {
    leave(SUCCESS);
    usleep(2000);
    lock();
  }
  int code = fault_of(name, ALL);
  return code != SUCCESS ? leave(code) : SUCCESS;
}

static int enter(const char *name) {
  int code = enter_library(name);
  if (code != SUCCESS) return code;
  if (initialized == 0 || seen_generation != state->generation) return leave(UNINITIALIZED);
  return SUCCESS;
}

static int enter_gpu(const char *name, nvmlDevice_t device, unsigned needs, struct gpu **gpu) {
  int code = enter(name);
  if (code != SUCCESS) return code;
  if (device < handles || device >= handles + state->count) return leave(INVALID_ARGUMENT);
  *gpu = &state->gpus[device->index];
  code = fault_of(name, device->index);
  if (code != SUCCESS) return leave(code);
  if ((*gpu)->fail != SUCCESS) return leave((*gpu)->fail);
  if (((*gpu)->has & needs) != needs) return leave(NOT_SUPPORTED);
  advance(*gpu);
  return SUCCESS;
}

static int give_text(char *out, unsigned length, const char *text) {
  if (out == NULL) return leave(INVALID_ARGUMENT);
  if (strlen(text) >= length) return leave(INSUFFICIENT_SIZE);
  memcpy(out, text, strlen(text) + 1);
  return leave(SUCCESS);
}

/* ---- the library ---------------------------------------------------------------------------- */

static int init_library(const char *name) {
  int code = enter_library(name);
  if (code != SUCCESS) return code;
  if (state->init_code != SUCCESS) return leave(state->init_code);
  initialized = seen_generation == state->generation ? initialized + 1 : 1;
  seen_generation = state->generation;
  return leave(SUCCESS);
}

EXPORT int nvmlInit_v2(void) { return init_library(__func__); }
EXPORT int nvmlInit(void) { return init_library(__func__); }
EXPORT int nvmlInitWithFlags(unsigned flags) {
  (void)flags;
  return init_library(__func__);
}

EXPORT int nvmlShutdown(void) {
  int code = enter_library(__func__);
  if (code != SUCCESS) return code;
  if (initialized == 0) return leave(UNINITIALIZED);
  initialized--;
  return leave(SUCCESS);
}

EXPORT const char *nvmlErrorString(int code) {
  static const char *const texts[] = {
      "Success", "Uninitialized", "Invalid Argument", "Not Supported", "Insufficient Permissions",
      "Already Initialized", "Not Found", "Insufficient Size", "Insufficient External Power",
      "Driver Not Loaded", "Timeout", "Interrupt Request Issue", "NVML Shared Library Not Found",
      "Function Not Found", "Corrupted infoROM", "GPU is lost", "GPU requires reset",
      "The operating system has blocked the request", "RM has detected an NVML/RM version mismatch.",
      "In use by another client", "Insufficient Memory", "No data"};
  if (code >= 0 && code < (int)(sizeof texts / sizeof texts[0])) return texts[code];
  return "Unknown Error";
}

EXPORT int nvmlSystemGetDriverVersion(char *out, unsigned length) {
  int code = enter(__func__);
  return code != SUCCESS ? code : give_text(out, length, "999.25.01");
}
EXPORT int nvmlSystemGetNVMLVersion(char *out, unsigned length) {
  int code = enter(__func__);
  return code != SUCCESS ? code : give_text(out, length, "13.999.25.01");
}

static int cuda_version(const char *name, int *out) {
  int code = enter(name);
  if (code != SUCCESS) return code;
  *out = 13000;
  return leave(SUCCESS);
}
EXPORT int nvmlSystemGetCudaDriverVersion(int *out) { return cuda_version(__func__, out); }
EXPORT int nvmlSystemGetCudaDriverVersion_v2(int *out) { return cuda_version(__func__, out); }

static int device_count(const char *name, unsigned *out) {
  int code = enter(name);
  if (code != SUCCESS) return code;
  *out = (unsigned)state->count;
  return leave(SUCCESS);
}
EXPORT int nvmlDeviceGetCount(unsigned *out) { return device_count(__func__, out); }
EXPORT int nvmlDeviceGetCount_v2(unsigned *out) { return device_count(__func__, out); }

/* ---- one GPU ------------------------------------------------------------------------------- */

static void uuid_of(int index, char out[64]) {
  snprintf(out, 64, "GPU-fa4e0000-%04x-4000-8000-%012x", state->gpus[index].model, index + 1);
}
static void bus_of(int index, const char *format, char out[32]) {
  snprintf(out, 32, format, 0, 0x10 + index, 0);
}

static int give_handle(const char *name, int index, nvmlDevice_t *out) {
  if (index < 0 || index >= state->count) return leave(INVALID_ARGUMENT);
  int code = fault_of(name, index);
  if (code != SUCCESS) return leave(code);
  const struct gpu *gpu = &state->gpus[index];
  if (gpu->handle_fail != SUCCESS) return leave(gpu->handle_fail);
  if (gpu->fail == GPU_IS_LOST) return leave(GPU_IS_LOST);
  *out = &handles[index];
  return leave(SUCCESS);
}

static int handle_by_index(const char *name, unsigned index, nvmlDevice_t *out) {
  int code = enter(name);
  return code != SUCCESS ? code : give_handle(name, (int)index, out);
}
EXPORT int nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t *out) {
  return handle_by_index(__func__, index, out);
}
EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t *out) {
  return handle_by_index(__func__, index, out);
}

EXPORT int nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *out) {
  int code = enter(__func__);
  if (code != SUCCESS) return code;
  for (int i = 0; i < state->count; i++) {
    char mine[64];
    uuid_of(i, mine);
    if (strcmp(mine, uuid) == 0) return give_handle(__func__, i, out);
  }
  return leave(NOT_FOUND);
}

static int handle_by_bus(const char *name, const char *bus, nvmlDevice_t *out) {
  int code = enter(name);
  if (code != SUCCESS) return code;
  for (int i = 0; i < state->count; i++) {
    char wide[32], legacy[32];
    bus_of(i, "%08X:%02X:%02X.0", wide);
    bus_of(i, "%04X:%02X:%02X.0", legacy);
    if (strcasecmp(wide, bus) == 0 || strcasecmp(legacy, bus) == 0)
      return give_handle(name, i, out);
  }
  return leave(NOT_FOUND);
}
EXPORT int nvmlDeviceGetHandleByPciBusId(const char *bus, nvmlDevice_t *out) {
  return handle_by_bus(__func__, bus, out);
}
EXPORT int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, nvmlDevice_t *out) {
  return handle_by_bus(__func__, bus, out);
}

EXPORT int nvmlDeviceGetName(nvmlDevice_t device, char *out, unsigned length) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_ALWAYS, &gpu);
  return code != SUCCESS ? code : give_text(out, length, model_of(gpu)->name);
}
EXPORT int nvmlDeviceGetUUID(nvmlDevice_t device, char *out, unsigned length) {
  struct gpu *gpu;
  char uuid[64];
  int code = enter_gpu(__func__, device, CAN_ALWAYS, &gpu);
  if (code != SUCCESS) return code;
  uuid_of(device->index, uuid);
  return give_text(out, length, uuid);
}
EXPORT int nvmlDeviceGetSerial(nvmlDevice_t device, char *out, unsigned length) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_ALWAYS, &gpu);
  return code != SUCCESS ? code : give_text(out, length, "1650000000000");
}

static int pci(const char *name, nvmlDevice_t device, nvmlPciInfo_t *out) {
  struct gpu *gpu;
  int code = enter_gpu(name, device, CAN_ALWAYS, &gpu);
  if (code != SUCCESS) return code;
  char legacy[32];
  memset(out, 0, sizeof *out);
  bus_of(device->index, "%04X:%02X:%02X.0", legacy);
  snprintf(out->busIdLegacy, sizeof out->busIdLegacy, "%.15s", legacy);
  bus_of(device->index, "%08X:%02X:%02X.0", out->busId);
  out->bus = 0x10u + (unsigned)device->index;
  out->pciDeviceId = 0x233010de;
  return leave(SUCCESS);
}
EXPORT int nvmlDeviceGetPciInfo(nvmlDevice_t device, nvmlPciInfo_t *out) {
  return pci(__func__, device, out);
}
EXPORT int nvmlDeviceGetPciInfo_v2(nvmlDevice_t device, nvmlPciInfo_t *out) {
  return pci(__func__, device, out);
}
EXPORT int nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *out) {
  return pci(__func__, device, out);
}

/* An exported function that returns one number; `gpu` is the GPU. */
#define ANSWER(NAME, TYPE, NEEDS, EXPRESSION)                 \
  EXPORT int NAME(nvmlDevice_t device, TYPE *out) {           \
    struct gpu *gpu;                                          \
    int code = enter_gpu(__func__, device, NEEDS, &gpu);      \
    if (code != SUCCESS) return code;                         \
    if (out == NULL) return leave(INVALID_ARGUMENT);          \
    *out = (TYPE)(EXPRESSION);                                \
    return leave(SUCCESS);                                    \
  }
/* The same with one selector before the answer. */
#define ANSWER_OF(NAME, TYPE, NEEDS, EXPRESSION)              \
  EXPORT int NAME(nvmlDevice_t device, int which, TYPE *out) { \
    struct gpu *gpu;                                          \
    (void)which;                                              \
    int code = enter_gpu(__func__, device, NEEDS, &gpu);      \
    if (code != SUCCESS) return code;                         \
    if (out == NULL) return leave(INVALID_ARGUMENT);          \
    *out = (TYPE)(EXPRESSION);                                \
    return leave(SUCCESS);                                    \
  }

static unsigned within(unsigned mhz, const unsigned locked[2]) {
  if (locked[1] == 0) return mhz;
  return mhz < locked[0] ? locked[0] : mhz > locked[1] ? locked[1] : mhz;
}

static unsigned clock_of(const struct gpu *gpu, int which) {
  if (which == 2) return within(model_of(gpu)->memory_mhz, gpu->memory_clocks);
  return within((unsigned)(model_of(gpu)->sm_mhz * clock_share(gpu)), gpu->gpu_clocks);
}

static unsigned celsius(const struct gpu *gpu) {
  return (unsigned)(30 + 35 * gpu->power_mw / (model_of(gpu)->max_w * 1000.0));
}

static unsigned long long reasons(const struct gpu *gpu) {
  if (!busy(gpu)) return 0x1;
  return capped(gpu) ? 0x4 : 0;
}

ANSWER(nvmlDeviceGetIndex, unsigned, CAN_ALWAYS, device->index)
ANSWER(nvmlDeviceGetMinorNumber, unsigned, CAN_ALWAYS, device->index)
ANSWER(nvmlDeviceGetBrand, int, CAN_ALWAYS, 2)
ANSWER(nvmlDeviceGetPowerUsage, unsigned, CAN_POWER | CAN_GPU_SCOPE, gpu->power_mw)
ANSWER(nvmlDeviceGetPowerManagementLimit, unsigned, CAN_REQUESTED, gpu->requested)
ANSWER(nvmlDeviceGetPowerManagementDefaultLimit, unsigned, CAN_DEFAULT,
       model_of(gpu)->default_w * 1000)
ANSWER(nvmlDeviceGetEnforcedPowerLimit, unsigned, CAN_ENFORCED, enforced(gpu))
static unsigned long long counted_mj(const struct gpu *gpu) {
  return gpu->nonsense ? ~0ull : (unsigned long long)gpu->energy_mj;
}
ANSWER(nvmlDeviceGetTotalEnergyConsumption, unsigned long long, CAN_ENERGY, counted_mj(gpu))
ANSWER(nvmlDeviceGetPersistenceMode, int, CAN_PERSISTENCE, gpu->persistence)
ANSWER(nvmlDeviceGetVirtualizationMode, int, CAN_VIRTUALIZATION, gpu->virtualization)
ANSWER(nvmlDeviceGetCurrentClocksThrottleReasons, unsigned long long, CAN_REASONS, reasons(gpu))
#ifndef FAKE_NVML_OLD
ANSWER(nvmlDeviceGetCurrentClocksEventReasons, unsigned long long, CAN_REASONS, reasons(gpu))
#endif
ANSWER(nvmlDeviceGetPerformanceState, int, CAN_ALWAYS, busy(gpu) ? 0 : 8)
ANSWER(nvmlDeviceGetMaxPcieLinkGeneration, unsigned, CAN_ALWAYS, 4)
ANSWER(nvmlDeviceGetMaxPcieLinkWidth, unsigned, CAN_ALWAYS, 16)
ANSWER(nvmlDeviceGetCurrPcieLinkGeneration, unsigned, CAN_ALWAYS, 4)
ANSWER(nvmlDeviceGetCurrPcieLinkWidth, unsigned, CAN_ALWAYS, 16)
ANSWER_OF(nvmlDeviceGetClockInfo, unsigned, CAN_CLOCKS, clock_of(gpu, which))
ANSWER_OF(nvmlDeviceGetMaxClockInfo, unsigned, CAN_CLOCKS,
          which == 2 ? model_of(gpu)->memory_mhz : model_of(gpu)->sm_mhz)
ANSWER_OF(nvmlDeviceGetTemperature, unsigned, CAN_TEMPERATURE, celsius(gpu))
ANSWER_OF(nvmlDeviceGetTemperatureThreshold, unsigned, CAN_TEMPERATURE, 90)
ANSWER_OF(nvmlDeviceGetPcieThroughput, unsigned, CAN_ALWAYS, 0)

/* A passively cooled GPU has no fan to query. */
EXPORT int nvmlDeviceGetFanSpeed(nvmlDevice_t device, unsigned *out) {
  struct gpu *gpu;
  (void)out;
  int code = enter_gpu(__func__, device, CAN_ALWAYS, &gpu);
  return code != SUCCESS ? code : leave(NOT_SUPPORTED);
}

EXPORT int nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *out) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_UTILIZATION, &gpu);
  if (code != SUCCESS) return code;
  if (gpu->mig) return leave(NOT_SUPPORTED);
  out->gpu = busy(gpu) ? 97 : 0;
  out->memory = busy(gpu) ? 60 : 0;
  return leave(SUCCESS);
}

static int coder(const char *name, nvmlDevice_t device, unsigned *out, unsigned *period) {
  struct gpu *gpu;
  int code = enter_gpu(name, device, CAN_ALWAYS, &gpu);
  if (code != SUCCESS) return code;
  *out = 0;
  *period = 166667;
  return leave(SUCCESS);
}
EXPORT int nvmlDeviceGetEncoderUtilization(nvmlDevice_t device, unsigned *out, unsigned *period) {
  return coder(__func__, device, out, period);
}
EXPORT int nvmlDeviceGetDecoderUtilization(nvmlDevice_t device, unsigned *out, unsigned *period) {
  return coder(__func__, device, out, period);
}

static unsigned long long memory_of(const struct gpu *gpu) {
  return (unsigned long long)model_of(gpu)->gigabytes << 30;
}
EXPORT int nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *out) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_ALWAYS, &gpu);
  if (code != SUCCESS) return code;
  out->total = memory_of(gpu);
  out->used = busy(gpu) ? out->total / 2 : 0;
  out->free = out->total - out->used;
  return leave(SUCCESS);
}
EXPORT int nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *out) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_ALWAYS, &gpu);
  if (code != SUCCESS) return code;
  if (out->version != (sizeof *out | 2u << 24)) return leave(25);
  out->total = memory_of(gpu);
  out->reserved = 0;
  out->used = busy(gpu) ? out->total / 2 : 0;
  out->free = out->total - out->used;
  return leave(SUCCESS);
}

/* NVML's protocol: the list or, with INSUFFICIENT_SIZE, how long it is. `old` entries lack MIG's ids. */
static int processes(const char *name, nvmlDevice_t device, unsigned *count, void *out, int old) {
  struct gpu *gpu;
  int code = enter_gpu(name, device, CAN_PROCESSES, &gpu);
  if (code != SUCCESS) return code;
  if (count == NULL || (*count > 0 && out == NULL)) return leave(INVALID_ARGUMENT);
  if (gpu->mig) return leave(NO_PERMISSION); /* the list of all instances is root's */
  unsigned room = *count;
  *count = (unsigned)gpu->processes;
  if (room < *count) return leave(INSUFFICIENT_SIZE);
  for (unsigned i = 0; i < *count; i++) {
    const struct process *process = &gpu->process[i];
    if (old)
      ((nvmlProcessInfo_v1_t *)out)[i] = (nvmlProcessInfo_v1_t){process->pid, process->memory};
    else
      ((nvmlProcessInfo_t *)out)[i] =
          (nvmlProcessInfo_t){process->pid, process->memory, process->instance, process->instance};
  }
  return leave(SUCCESS);
}

static int no_processes(const char *name, nvmlDevice_t device, unsigned *count) {
  struct gpu *gpu;
  int code = enter_gpu(name, device, CAN_PROCESSES, &gpu);
  if (code != SUCCESS) return code;
  *count = 0;
  return leave(SUCCESS);
}
#define PROCESSES(NAME, TYPE, OLD)                                      \
  EXPORT int NAME(nvmlDevice_t device, unsigned *count, TYPE *out) {    \
    return processes(__func__, device, count, out, OLD);                \
  }
#define NO_PROCESSES(NAME, TYPE)                                        \
  EXPORT int NAME(nvmlDevice_t device, unsigned *count, TYPE *out) {    \
    (void)out;                                                          \
    return no_processes(__func__, device, count);                       \
  }
PROCESSES(nvmlDeviceGetComputeRunningProcesses, nvmlProcessInfo_v1_t, 1)
NO_PROCESSES(nvmlDeviceGetGraphicsRunningProcesses, nvmlProcessInfo_v1_t)
#ifndef FAKE_NVML_OLD
PROCESSES(nvmlDeviceGetComputeRunningProcesses_v2, nvmlProcessInfo_t, 0)
#ifndef FAKE_NVML_V2
PROCESSES(nvmlDeviceGetComputeRunningProcesses_v3, nvmlProcessInfo_t, 0)
#endif
NO_PROCESSES(nvmlDeviceGetGraphicsRunningProcesses_v2, nvmlProcessInfo_t)
NO_PROCESSES(nvmlDeviceGetGraphicsRunningProcesses_v3, nvmlProcessInfo_t)
#endif

EXPORT int nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned *current, unsigned *pending) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_MIG, &gpu);
  if (code != SUCCESS) return code;
  *current = *pending = (unsigned)gpu->mig;
  return leave(SUCCESS);
}

EXPORT int nvmlDeviceGetViolationStatus(nvmlDevice_t device, int policy, nvmlViolationTime_t *out) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_CAPPED, &gpu);
  if (code != SUCCESS) return code;
  out->referenceTime = (unsigned long long)wall_us();
  out->violationTime = policy == 0 ? (unsigned long long)gpu->capped_ns : 0;
  return leave(SUCCESS);
}

EXPORT int nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t device, unsigned *min,
                                                        unsigned *max) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_CONSTRAINTS, &gpu);
  if (code != SUCCESS) return code;
  *min = model_of(gpu)->min_w * 1000;
  *max = model_of(gpu)->max_w * 1000;
  return leave(SUCCESS);
}

static int log_write(int index, unsigned mw, int code) {
  struct write *entry = &state->log[state->writes++ % MAX_LOG];
  *entry = (struct write){wall_us(), index, code, (int)getpid(), mw};
  return leave(code);
}

/* What a driver that rounds, clamps, scales or ignores makes of a limit that it accepts. */
static unsigned kept(const struct gpu *gpu, unsigned mw) {
  if (gpu->keeps_nothing) return gpu->requested;
  if (gpu->keeps_permille > 0) mw = (unsigned)((double)mw * gpu->keeps_permille / 1000);
  unsigned step = (unsigned)gpu->keeps_step;
  if (step > 0) mw = (mw + (gpu->keeps_step_up ? step - 1 : 0)) / step * step;
  if (mw < (unsigned)gpu->keeps_least) mw = (unsigned)gpu->keeps_least;
  if (gpu->keeps_most > 0 && mw > (unsigned)gpu->keeps_most) mw = (unsigned)gpu->keeps_most;
  return mw;
}

EXPORT int nvmlDeviceSetPowerManagementLimit(nvmlDevice_t device, unsigned mw) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_SETTER, &gpu);
  if (code != SUCCESS) return code;
  if (gpu->eperm) return log_write(device->index, mw, NO_PERMISSION);
  if (mw < model_of(gpu)->min_w * 1000 || mw > model_of(gpu)->max_w * 1000)
    return log_write(device->index, mw, INVALID_ARGUMENT);
  unsigned asked = mw;
  mw = kept(gpu, mw);
  gpu->requested = mw;
  return log_write(device->index, asked, SUCCESS);
}

EXPORT int nvmlDeviceSetPersistenceMode(nvmlDevice_t device, int mode) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_PERSISTENCE, &gpu);
  if (code != SUCCESS) return code;
  if (gpu->eperm) return leave(NO_PERMISSION);
  gpu->persistence = mode == 1;
  return leave(SUCCESS);
}

#ifndef FAKE_NVML_OLD
static int lock_clocks(const char *name, nvmlDevice_t device, int memory, unsigned min,
                       unsigned max, int reset) {
  struct gpu *gpu;
  int code = enter_gpu(name, device, memory ? CAN_MEMORY_LOCKS : CAN_LOCKS, &gpu);
  if (code != SUCCESS) return code;
  if (gpu->eperm) return leave(NO_PERMISSION);
  if (!reset && (max == 0 || min > max)) return leave(INVALID_ARGUMENT);
  unsigned *clocks = memory ? gpu->memory_clocks : gpu->gpu_clocks;
  clocks[0] = min;
  clocks[1] = max;
  return leave(SUCCESS);
}

EXPORT int nvmlDeviceSetGpuLockedClocks(nvmlDevice_t device, unsigned min, unsigned max) {
  return lock_clocks(__func__, device, 0, min, max, 0);
}
EXPORT int nvmlDeviceResetGpuLockedClocks(nvmlDevice_t device) {
  return lock_clocks(__func__, device, 0, 0, 0, 1);
}
EXPORT int nvmlDeviceSetMemoryLockedClocks(nvmlDevice_t device, unsigned min, unsigned max) {
  return lock_clocks(__func__, device, 1, min, max, 0);
}
EXPORT int nvmlDeviceResetMemoryLockedClocks(nvmlDevice_t device) {
  return lock_clocks(__func__, device, 1, 0, 0, 1);
}

static int field_uint(nvmlFieldValue_t *field, const struct gpu *gpu, unsigned needs, double value) {
  if ((gpu->has & needs) != needs) return NOT_SUPPORTED;
  field->valueType = VALUE_UINT;
  field->value.ui = (unsigned)value;
  return SUCCESS;
}

static int field_long(nvmlFieldValue_t *field, const struct gpu *gpu, unsigned needs, double value) {
  if ((gpu->has & needs) != needs) return NOT_SUPPORTED;
  field->valueType = VALUE_ULONGLONG;
  field->value.ull = (unsigned long long)value;
  return SUCCESS;
}

static int field_nonsense(nvmlFieldValue_t *field, const struct gpu *gpu) {
  field->valueType = gpu->nonsense == ALL_ONES ? VALUE_ULONGLONG : VALUE_DOUBLE;
  if (gpu->nonsense == ALL_ONES) field->value.ull = ~0ull;
  else field->value.d = gpu->nonsense == INFINITE ? 1.0 / 0.0 : 0.0 / 0.0;
  return SUCCESS;
}

static int answer_field(nvmlFieldValue_t *field, const struct gpu *gpu) {
  int module = field->scopeId == 1;
  unsigned scope = module ? CAN_MODULE : CAN_GPU_SCOPE;
  double power = gpu->power_mw + (module ? HOST_MW : 0);
  if (field->scopeId > 2) return INVALID_ARGUMENT;
  if (field->scopeId == 2) return NOT_SUPPORTED;
  int figure = field->fieldId == 83 || field->fieldId == 185 || field->fieldId == 186;
  if (gpu->nonsense && figure) return field_nonsense(field, gpu);
  switch (field->fieldId) {
    case 74: return field_long(field, gpu, CAN_CAPPED, gpu->capped_ns);
    case 83: return field_long(field, gpu, CAN_ENERGY, gpu->energy_mj);
    case 185: return field_uint(field, gpu, scope | CAN_POWER | CAN_AVERAGE, power);
    case 186: return field_uint(field, gpu, scope | CAN_POWER, power);
    case 187: return field_uint(field, gpu, scope | CAN_CONSTRAINTS, model_of(gpu)->min_w * 1e3);
    case 188: return field_uint(field, gpu, scope | CAN_CONSTRAINTS, model_of(gpu)->max_w * 1e3);
    case 189: return field_uint(field, gpu, scope | CAN_DEFAULT, model_of(gpu)->default_w * 1e3);
    case 190: return field_uint(field, gpu, scope | CAN_ENFORCED, enforced(gpu));
    case 192: return field_uint(field, gpu, scope | CAN_REQUESTED, gpu->requested);
    default: return INVALID_ARGUMENT;
  }
}

EXPORT int nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t *fields) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_FIELDS, &gpu);
  if (code != SUCCESS) return code;
  if (count <= 0 || fields == NULL) return leave(INVALID_ARGUMENT);
  for (int i = 0; i < count; i++) {
    fields[i].timestamp = wall_us();
    fields[i].nvmlReturn = answer_field(&fields[i], gpu);
  }
  return leave(SUCCESS);
}
#endif

/* ---- GPM: counters of Hopper and newer ------------------------------------------------------- */

#ifndef FAKE_NVML_OLD
#define SAMPLE 0x47504d53
struct nvmlGpmSample_st {
  unsigned magic;
  int gpu; /* -1: nothing read into it yet */
  int generation;
  int64_t at_ns;
  double pipes_ns;
};

static int is_sample(nvmlGpmSample_t sample) { return sample != NULL && sample->magic == SAMPLE; }

EXPORT int nvmlGpmQueryDeviceSupport(nvmlDevice_t device, nvmlGpmSupport_t *out) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_ALWAYS, &gpu);
  if (code != SUCCESS) return code;
  if (out == NULL) return leave(INVALID_ARGUMENT);
  if (out->version != 1) return leave(25);
  out->isSupportedDevice = (gpu->has & CAN_GPM) != 0;
  return leave(SUCCESS);
}

EXPORT int nvmlGpmSampleAlloc(nvmlGpmSample_t *out) {
  int code = enter(__func__);
  if (code != SUCCESS) return code;
  if (out == NULL) return leave(INVALID_ARGUMENT);
  *out = malloc(sizeof **out);
  if (*out == NULL) return leave(20);
  **out = (struct nvmlGpmSample_st){.magic = SAMPLE, .gpu = -1};
  state->samples++;
  return leave(SUCCESS);
}

EXPORT int nvmlGpmSampleFree(nvmlGpmSample_t sample) {
  int code = enter(__func__);
  if (code != SUCCESS) return code;
  if (!is_sample(sample)) return leave(INVALID_ARGUMENT);
  sample->magic = 0;
  free(sample);
  state->samples--;
  return leave(SUCCESS);
}

EXPORT int nvmlGpmSampleGet(nvmlDevice_t device, nvmlGpmSample_t sample) {
  struct gpu *gpu;
  int code = enter_gpu(__func__, device, CAN_GPM, &gpu);
  if (code != SUCCESS) return code;
  if (!is_sample(sample)) return leave(INVALID_ARGUMENT);
  if (gpu->mig) return leave(NOT_SUPPORTED); /* there is nvmlGpmMigSampleGet */
  if (gpu->gpm_fail != SUCCESS) return leave(gpu->gpm_fail);
  *sample = (struct nvmlGpmSample_st){SAMPLE, device->index, state->generation, gpu->tick_ns,
                                      gpu->pipes_ns};
  return leave(SUCCESS);
}

/* Without a refresh between the samples there is nothing to divide by: NaN, and no error. */
static int answer_metric(nvmlGpmMetric_t *metric, const struct gpu *gpu, double share) {
  switch (metric->metricId) {
    case 5: metric->value = 100 * share * 0.8; return SUCCESS;
    case 11: metric->value = 0 * share; return gpu->has & CAN_FP64 ? SUCCESS : NOT_SUPPORTED;
    case 12: metric->value = 100 * share * 0.15; return SUCCESS;
    case 13: metric->value = 100 * share * 0.05; return SUCCESS;
    default: return NOT_SUPPORTED;
  }
}

EXPORT int nvmlGpmMetricsGet(nvmlGpmMetricsGet_t *get) {
  int code = enter(__func__);
  if (code != SUCCESS) return code;
  if (get == NULL || get->numMetrics == 0 || get->numMetrics > GPM_METRIC_MAX)
    return leave(INVALID_ARGUMENT);
  if (get->version != 1) return leave(25);
  nvmlGpmSample_t first = get->sample1, second = get->sample2;
  if (!is_sample(first) || !is_sample(second) || first->gpu < 0 || first->gpu != second->gpu ||
      first->generation != second->generation || first->at_ns > second->at_ns)
    return leave(INVALID_ARGUMENT);
  double share = (second->pipes_ns - first->pipes_ns) / (double)(second->at_ns - first->at_ns);
  for (unsigned i = 0; i < get->numMetrics; i++)
    get->metrics[i].nvmlReturn = answer_metric(&get->metrics[i], &state->gpus[first->gpu], share);
  return leave(SUCCESS);
}
#endif

/* ---- the companion that drives it ----------------------------------------------------------- */

#ifdef FAKE_NVML_CTL
static const char *const capability_names[] = {
#define X(NAME, TEXT) TEXT,
    CAPABILITIES(X)
#undef X
};

static const char usage[] =
    "usage: fake-nvml-ctl STATEFILE COMMAND\n"
    "  init MODEL,MODEL,...   fresh GPUs: h100 a100 v100 l40s rtx4080s gh200 p100 laptop\n"
    "  set GPU requested MW   somebody else writes the limit\n"
    "  ceiling GPU MW         an out-of-band limit; 0 lifts it\n"
    "  keeps-permille|keeps-step|keeps-least|keeps-most GPU NUMBER\n"
    "                         what the driver keeps of a limit: a share, steps, bounds (MW); 0 ends it\n"
    "  nonsense GPU KIND                     power and energy: 0 as they are, 1 all ones, 2 no\n"
    "                                        number, 3 infinite\n"
    "  keeps-step-up|keeps-nothing GPU on|off   steps are rounded up; limits are ignored\n"
    "  load GPU MW            what the job would draw without a limit\n"
    "  eperm GPU on|off       refuse writes for want of permission\n"
    "  lost GPU on|off        the GPU fell off the bus\n"
    "  fail GPU CODE          every call to the GPU returns CODE; 0 ends it\n"
    "  handle GPU CODE        the GPU cannot be opened; 0 ends it\n"
    "  glitch GPU CALL CODE TIMES  functions that begin with CALL return CODE, or `hang`; with `CALL!`\n"
    "                         only CALL itself; GPU may be `all`, which includes calls to no GPU;\n"
    "                         TIMES 0: until `mend`\n"
    "  mend                   ends every glitch\n"
    "  mig|persistence GPU on|off\n"
    "  gpm GPU CODE           reading GPM counters returns CODE; 0 ends it\n"
    "  process GPU PID MIB    one more process; MIB 0: the driver does not tell\n"
    "  idle GPU               no process\n"
    "  virtualization GPU MODE  0 none, 1 passthrough, 2 vGPU guest, 3 vGPU host\n"
    "  can GPU CAPABILITY on|off  what the GPU reports or does\n"
    "  delay MICROSECONDS     every call takes longer\n"
    "  hang on|off            every call waits until off\n"
    "  reload                 the driver goes and comes back\n"
    "  nvmlinit CODE          nvmlInit returns CODE; 0 ends it\n"
    "  skip MILLISECONDS      time jumps forward\n"
    "  show | log | calls     GPUs | attempts to set a limit | how often each call was made\n"
    "  samples                GPM samples that nobody has freed\n";

static int fail(const char *what, const char *name) {
  fprintf(stderr, "fake-nvml-ctl: %s: %s\n", what, name);
  return 2;
}

/* A whole number from 0 to INT32_MAX, or -1. */
static long number(const char *text) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  return errno != 0 || end == text || *end != 0 || value < 0 || value > INT32_MAX ? -1 : value;
}

static int on_off(const char *text) {
  if (strcmp(text, "on") == 0) return 1;
  return strcmp(text, "off") == 0 ? 0 : -1;
}

static int init_gpus(const char *keys) {
  char copy[256];
  snprintf(copy, sizeof copy, "%s", keys);
  char *rest = copy;
  int count = 0;
  for (char *key; (key = strsep(&rest, ",")) != NULL; count++)
    if (model_named(key) < 0) return fail("no such model", key);
  if (count > MAX_GPUS || strlen(keys) >= sizeof copy) return fail("too many GPUs", keys);
  populate(keys);
  return 0;
}

static int show(void) {
  for (int i = 0; i < state->count; i++) {
    struct gpu *gpu = &state->gpus[i];
    char uuid[64];
    advance(gpu);
    uuid_of(i, uuid);
    printf("gpu=%d model=%s uuid=%s requested=%u enforced=%u power=%.0f energy=%.0f load=%u "
           "eperm=%d fail=%d mig=%d gpu-clocks=%u-%u memory-clocks=%u-%u persistence=%d\n",
           i, model_of(gpu)->key, uuid, gpu->requested, enforced(gpu), gpu->power_mw,
           gpu->energy_mj, gpu->load, gpu->eperm, gpu->fail, gpu->mig, gpu->gpu_clocks[0],
           gpu->gpu_clocks[1], gpu->memory_clocks[0], gpu->memory_clocks[1], gpu->persistence);
  }
  return 0;
}

static int show_log(void) {
  uint64_t first = state->writes > MAX_LOG ? state->writes - MAX_LOG : 0;
  for (uint64_t i = first; i < state->writes; i++) {
    const struct write *entry = &state->log[i % MAX_LOG];
    printf("%lld %d %u %d %d\n", (long long)entry->at_us, entry->gpu, entry->mw, entry->code,
           entry->pid);
  }
  return 0;
}

static int show_calls(void) {
  for (int i = 0; i < state->names; i++)
    printf("%s %llu\n", state->calls[i].name, (unsigned long long)state->calls[i].count);
  return 0;
}

static int reload(void) {
  state->generation++;
  for (int i = 0; i < state->count; i++) restart(&state->gpus[i]);
  return 0;
}

static int can(struct gpu *gpu, const char *name, const char *text) {
  int on = on_off(text);
  if (on < 0) return fail("neither on nor off", text);
  for (int i = 0; i < CAPABILITY_COUNT; i++)
    if (strcmp(capability_names[i], name) == 0) {
      gpu->has = on ? gpu->has | 1u << i : gpu->has & ~(1u << i);
      return 0;
    }
  return fail("no such capability", name);
}

static int change_gpu(struct gpu *gpu, const char *verb, const char *text) {
  static const struct {
    const char *verb;
    size_t place;
    int is_switch, on_value;
  } knobs[] = {
      {"ceiling", offsetof(struct gpu, ceiling), 0, 0},
      {"load", offsetof(struct gpu, load), 0, 0},
      {"fail", offsetof(struct gpu, fail), 0, 0},
      {"handle", offsetof(struct gpu, handle_fail), 0, 0},
      {"gpm", offsetof(struct gpu, gpm_fail), 0, 0},
      {"nonsense", offsetof(struct gpu, nonsense), 0, 0},
      {"virtualization", offsetof(struct gpu, virtualization), 0, 0},
      {"keeps-permille", offsetof(struct gpu, keeps_permille), 0, 0},
      {"keeps-step", offsetof(struct gpu, keeps_step), 0, 0},
      {"keeps-least", offsetof(struct gpu, keeps_least), 0, 0},
      {"keeps-most", offsetof(struct gpu, keeps_most), 0, 0},
      {"keeps-step-up", offsetof(struct gpu, keeps_step_up), 1, 1},
      {"keeps-nothing", offsetof(struct gpu, keeps_nothing), 1, 1},
      {"eperm", offsetof(struct gpu, eperm), 1, 1},
      {"lost", offsetof(struct gpu, fail), 1, GPU_IS_LOST},
      {"mig", offsetof(struct gpu, mig), 1, 1},
      {"persistence", offsetof(struct gpu, persistence), 1, 1},
  };
  for (size_t i = 0; i < sizeof knobs / sizeof knobs[0]; i++) {
    if (strcmp(knobs[i].verb, verb) != 0) continue;
    long value = knobs[i].is_switch ? on_off(text) : number(text);
    if (value < 0) return fail("bad value", text);
    if (knobs[i].is_switch) value *= knobs[i].on_value;
    advance(gpu);
    *(int *)((char *)gpu + knobs[i].place) = (int)value;
    return 0;
  }
  return fail("no such command", verb);
}

static int add_process(struct gpu *gpu, const char *pid, const char *mib) {
  if (number(pid) < 0 || number(mib) < 0) return fail("bad value", number(pid) < 0 ? pid : mib);
  if (gpu->processes == MAX_PROCESSES) return fail("too many processes", pid);
  unsigned long long memory = number(mib) == 0 ? ~0ull : (unsigned long long)number(mib) << 20;
  gpu->process[gpu->processes++] = (struct process){(unsigned)number(pid), ~0u, memory};
  return 0;
}

static int add_glitch(char **words) {
  int all = strcmp(words[0], "all") == 0, hang = strcmp(words[2], "hang") == 0;
  long gpu = number(words[0]), code = number(words[2]), times = number(words[3]);
  if (!all && (gpu < 0 || gpu >= state->count)) return fail("no such GPU", words[0]);
  if (!hang && code < 0) return fail("bad value", words[2]);
  if (times < 0) return fail("bad value", words[3]);
  if (state->glitches == MAX_GLITCHES) return fail("too many glitches", words[1]);
  struct glitch *one = &state->glitch[state->glitches++];
  *one = (struct glitch){.gpu = all ? ALL : (int)gpu,
                         .code = hang ? HANG : (int)code,
                         .times = times == 0 ? FOR_GOOD : (int)times};
  snprintf(one->call, sizeof one->call, "%s", words[1]);
  return 0;
}

static int change_driver(const char *verb, const char *text) {
  long value = strcmp(verb, "hang") == 0 ? on_off(text) : number(text);
  if (value < 0) return fail("bad value", text);
  if (strcmp(verb, "hang") == 0) state->hang = (int)value;
  else if (strcmp(verb, "delay") == 0) state->delay_us = (unsigned)value;
  else if (strcmp(verb, "nvmlinit") == 0) state->init_code = (int)value;
  else if (strcmp(verb, "skip") == 0) state->skipped_ns += value * 1000000ll;
  else return fail("no such command", verb);
  return 0;
}

static int obey(int count, char **words) {
  const char *verb = words[0];
  if (count == 1 && strcmp(verb, "show") == 0) return show();
  if (count == 1 && strcmp(verb, "log") == 0) return show_log();
  if (count == 1 && strcmp(verb, "calls") == 0) return show_calls();
  if (count == 1 && strcmp(verb, "samples") == 0) return printf("%d\n", state->samples) < 0;
  if (count == 1 && strcmp(verb, "reload") == 0) return reload();
  if (count == 1 && strcmp(verb, "mend") == 0) return state->glitches = 0;
  if (count == 5 && strcmp(verb, "glitch") == 0) return add_glitch(words + 1);
  if (count == 2 && strcmp(verb, "init") == 0) return init_gpus(words[1]);
  if (count == 2 && strcmp(verb, "idle") != 0) return change_driver(verb, words[1]);
  if (count < 2) return fail("no such command", verb);
  long index = number(words[1]);
  if (index < 0 || index >= state->count) return fail("no such GPU", words[1]);
  struct gpu *gpu = &state->gpus[index];
  if (count == 2) return gpu->processes = 0;
  if (count == 3) return change_gpu(gpu, verb, words[2]);
  if (count == 4 && strcmp(verb, "process") == 0) return add_process(gpu, words[2], words[3]);
  if (count == 4 && strcmp(verb, "can") == 0) return can(gpu, words[2], words[3]);
  if (count == 4 && strcmp(verb, "set") == 0 && strcmp(words[2], "requested") == 0) {
    if (number(words[3]) < 0) return fail("bad value", words[3]);
    advance(gpu);
    gpu->requested = (unsigned)number(words[3]);
    return 0;
  }
  return fail("no such command", verb);
}

int main(int count, char **words) {
  if (count < 3) {
    fputs(usage, stderr);
    return 2;
  }
  if (!attach_to(words[1])) return fail("cannot map", words[1]);
  lock();
  return leave(obey(count - 2, words + 2));
}
#endif
