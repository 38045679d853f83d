#if defined(__x86_64__)
#include "ck_table.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)
#define CK_ROWS 12
#define CK_WIDE 1
#define CK_NAME "avx512"
#define CK_TABLE ck_avx512
#include "ck_vector.inc"
#pragma clang attribute pop
#endif
