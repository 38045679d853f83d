// What the 8-bit back ends provide.
#ifndef CK_INT8_H
#define CK_INT8_H
#include "ck_table.h"

// Rows of A with their scales and sums, and the shape of a group.
typedef struct {
    const int8_t *values;
    ptrdiff_t row;  // bytes
    const float *scale;
    const int32_t *sum;
    ptrdiff_t groups;  // of a row
    ptrdiff_t quads, quads_of_group;
} ck_int8_rows;

// Σ_g a_scale·(integer sum), without the columns' scales, for `rows` rows and 16 or 32 columns of packed panels
// (`panel` bytes apart), to sums[row·32 + column]. For each quad it asks for the memory at ahead + quad·ahead_step.
typedef struct {
    ptrdiff_t rows, columns;
    void (*run)(ptrdiff_t rows, ptrdiff_t columns, const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b,
                ptrdiff_t panel, float *sums, const uint8_t *ahead, ptrdiff_t ahead_step);
} ck_int8_tile;

extern const ck_int8_tile ck_int8_plain;
#if defined(__x86_64__)
extern const ck_int8_tile ck_int8_avx2;
extern const ck_int8_tile ck_int8_vnni;
#endif

#endif
