#if defined(__x86_64__)
#include "ck_table.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define CK_ROWS 6
#define CK_WIDE 0
#define CK_NAME "avx2"
#define CK_TABLE ck_avx2
#include "ck_vector.inc"
#pragma clang attribute pop
#endif
