typedef int ck_not_empty;
#if !defined(__x86_64__)
#include "ck_table.h"
#define CK_ROWS 6
#define CK_WIDE 0
#define CK_NAME "neon"
#define CK_TABLE ck_vector
#include "ck_vector.inc"
#endif
