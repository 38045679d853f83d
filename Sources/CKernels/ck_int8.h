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

// C[0 ..< rows, 0 ..< width] of one packed panel, or two (`panel` bytes apart) where width is above 16, for rows of A
// from `first` on; a panel's scales are [group][column], and the second panel's follow. For each quad it asks for the memory at
// ahead + quad·ahead_step, and in the second panel likewise.
typedef struct {
    ptrdiff_t rows, columns;  // the largest tile
    void (*run)(ptrdiff_t rows, ptrdiff_t width, const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b,
                ptrdiff_t panel, const float *b_scale, float *c, ptrdiff_t c_row, bool accumulate,
                const uint8_t *ahead, ptrdiff_t ahead_step);
} ck_int8_tile;

extern const ck_int8_tile ck_int8_plain;
#if defined(__x86_64__)
extern const ck_int8_tile ck_int8_avx2;
extern const ck_int8_tile ck_int8_vnni;
#endif

#endif
