// Products of 8-bit integers: quantising, packing, the loop around the tiles, and the plain-C tile.
#include "ck_int8.h"
#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Below this a group counts as zeros: 127 / largest would overflow.
#define CK_SMALLEST 1e-30f

static float largest(const float *x, ptrdiff_t count) {
    float result = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        float size = fabsf(x[i]);
        result = size > result ? size : result;
    }
    return result;
}

// Rounds to the nearest integer, ties to even, within ±127; what is not a number becomes −127.
static inline int32_t rounded(float x) {
    float whole = (x + CK_EXP_ROUND) - CK_EXP_ROUND;
    whole = whole >= -127.0f ? whole : -127.0f;
    return (int32_t)(whole <= 127.0f ? whole : 127.0f);
}

#if defined(__x86_64__)
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
void ck_quantize_row(const float *x, ptrdiff_t k, ptrdiff_t group, int8_t *a, float *a_scale, int32_t *a_sum) {
    for (ptrdiff_t start = 0, g = 0; start < k; start += group, g++) {
        ptrdiff_t count = k - start < group ? k - start : group;
        float top = 0;
        for (ptrdiff_t i = 0; i < count; i++) {
            float size = fabsf(x[start + i]);
            top = size > top ? size : top;
        }
        float inverse = top > CK_SMALLEST ? 127.0f / top : 0.0f;
        int32_t sum = 0;
        for (ptrdiff_t i = 0; i < count; i++) {
            int32_t value = rounded(x[start + i] * inverse);
            a[start + i] = (int8_t)value;
            sum += value;
        }
        a_scale[g] = top > CK_SMALLEST ? top / 127.0f : 0.0f;
        a_sum[g] = sum;
    }
    for (ptrdiff_t i = k; i % 4; i++) a[i] = 0;
}

void ck_pack_int8(const float *source, ptrdiff_t n, ptrdiff_t k, ptrdiff_t stride, uint8_t *panels, float *b_scale,
                  ptrdiff_t first, ptrdiff_t last) {
    ptrdiff_t quads = (k + 3) / 4;
    for (ptrdiff_t p = first; p < last; p++) {
        uint8_t *panel = panels + p * CK_PANEL * quads * 4;
        memset(panel, 128, (size_t)(CK_PANEL * quads * 4));
        for (ptrdiff_t j = 0; j < CK_PANEL; j++) {
            ptrdiff_t column = p * CK_PANEL + j;
            if (column >= n) {
                b_scale[column] = 0;
                continue;
            }
            const float *weights = source + column * stride;
            float top = largest(weights, k);
            float inverse = top > CK_SMALLEST ? 127.0f / top : 0.0f;
            b_scale[column] = top > CK_SMALLEST ? top / 127.0f : 0.0f;
            for (ptrdiff_t l = 0; l < k; l++)
                panel[(l / 4 * CK_PANEL + j) * 4 + l % 4] = (uint8_t)(rounded(weights[l] * inverse) + 128);
        }
    }
}

static void run(ptrdiff_t rows, ptrdiff_t columns, const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b,
                ptrdiff_t panel, float *sums, const uint8_t *ahead, ptrdiff_t ahead_step) {
    (void)columns, (void)panel, (void)ahead, (void)ahead_step;
    for (ptrdiff_t i = 0; i < rows; i++) {
        const int8_t *values = a->values + (first + i) * a->row;
        const float *scale = a->scale + (first + i) * a->groups;
        float *result = sums + i * 32;
        for (ptrdiff_t j = 0; j < CK_PANEL; j++) result[j] = 0;
        for (ptrdiff_t g = 0; g < a->groups; g++) {
            int32_t sum[CK_PANEL] = {0};
            ptrdiff_t from = g * a->quads_of_group, to = from + a->quads_of_group;
            for (ptrdiff_t q = from; q < to && q < a->quads; q++)
                for (ptrdiff_t j = 0; j < CK_PANEL; j++)
                    for (ptrdiff_t l = 0; l < 4; l++)
                        sum[j] += ((int32_t)b[(q * CK_PANEL + j) * 4 + l] - 128) * values[q * 4 + l];
            for (ptrdiff_t j = 0; j < CK_PANEL; j++) result[j] = fmaf((float)sum[j], scale[g], result[j]);
        }
    }
}

const ck_int8_tile ck_int8_plain = {4, 16, run};

static const ck_int8_tile *tile(void) {
#if defined(__x86_64__)
    if (ck_current() == &ck_avx512 && __builtin_cpu_supports("avx512vnni")) return &ck_int8_vnni;
    if (ck_current() != &ck_plain) return &ck_int8_avx2;
#endif
    return &ck_int8_plain;
}

void ck_gemm_int8(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, ptrdiff_t group, const int8_t *a, ptrdiff_t a_row,
                  const float *a_scale, const int32_t *a_sum, ptrdiff_t a_groups, const uint8_t *b,
                  const float *b_scale, float *c, ptrdiff_t c_row, bool accumulate) {
    if (m <= 0 || n <= 0) return;
    const ck_int8_tile *t = tile();
    ck_int8_rows rows = {a, a_row, a_scale, a_sum, a_groups, (k + 3) / 4, group / 4};
    ptrdiff_t panel = CK_PANEL * rows.quads * 4;
    ptrdiff_t tiles = (m + t->rows - 1) / t->rows, step = 64 / tiles;
    float sums[8 * 32];
    for (ptrdiff_t column = 0; column < n; column += t->columns) {
        ptrdiff_t width = n - column < t->columns ? n - column : t->columns;
        const uint8_t *panels = b + column / CK_PANEL * panel;
        for (ptrdiff_t i = 0; i < tiles; i++) {
            ptrdiff_t from = m * i / tiles, to = m * (i + 1) / tiles;
            const uint8_t *ahead = panels + t->columns / CK_PANEL * panel + i * rows.quads * step;
            t->run(to - from, width > CK_PANEL ? 32 : 16, &rows, from, panels, panel, sums, ahead, step);
            for (ptrdiff_t r = 0; r < to - from; r++) {
                float *result = c + (from + r) * c_row + column;
                for (ptrdiff_t j = 0; j < width; j++)
                    result[j] = accumulate ? fmaf(sums[r * 32 + j], b_scale[column + j], result[j])
                                           : sums[r * 32 + j] * b_scale[column + j];
            }
        }
    }
}
