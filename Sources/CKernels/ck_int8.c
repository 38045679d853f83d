// Products of 8-bit integers: quantising, packing, the loop around the tiles, and the plain-C tile.
#include "ck_int8.h"
#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

static float largest(const float *x, ptrdiff_t count) {
    float top[16] = {0}, result = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        float size = fabsf(x[i]);
        top[i % 16] = size > top[i % 16] ? size : top[i % 16];
    }
    for (int j = 0; j < 16; j++) result = top[j] > result ? top[j] : result;
    return result;
}

void ck_quantize_row(const float *x, ptrdiff_t k, ptrdiff_t group, int8_t *a, float *a_scale, int32_t *a_sum) {
    const ck_table *t = ck_current();
    for (ptrdiff_t start = 0, g = 0; start < k; start += group, g++) {
        ptrdiff_t count = k - start < group ? k - start : group;
        a_scale[g] = t->quantize(x + start, count, a + start, a_sum + g);
    }
    for (ptrdiff_t i = k; i % 4; i++) a[i] = 0;
}

void ck_pack_int8(const float *source, ptrdiff_t n, ptrdiff_t k, ptrdiff_t group, ptrdiff_t stride, uint8_t *panels,
                  float *b_scale, ptrdiff_t first, ptrdiff_t last) {
    ptrdiff_t quads = (k + 3) / 4, groups = (k + group - 1) / group;
    for (ptrdiff_t p = first; p < last; p++) {
        uint8_t *panel = panels + p * CK_PANEL * quads * 4;
        float *scale = b_scale + p * CK_PANEL * groups;
        memset(panel, 128, (size_t)(CK_PANEL * quads * 4));
        memset(scale, 0, (size_t)(CK_PANEL * groups) * sizeof(float));
        for (ptrdiff_t j = 0; j < CK_PANEL && p * CK_PANEL + j < n; j++) {
            const float *weights = source + (p * CK_PANEL + j) * stride;
            for (ptrdiff_t g = 0; g < groups; g++) {
                ptrdiff_t from = g * group, to = from + group < k ? from + group : k;
                float top = largest(weights + from, to - from);
                if (!(top > CK_SMALLEST)) continue;
                float inverse = 127.0f / top;
                scale[g * CK_PANEL + j] = top / 127.0f;
                for (ptrdiff_t l = from; l < to; l++)
                    panel[(l / 4 * CK_PANEL + j) * 4 + l % 4] = (uint8_t)(ck_rounded(weights[l] * inverse) + 128);
            }
        }
    }
}

static void run(ptrdiff_t rows, ptrdiff_t width, const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b,
                ptrdiff_t panel, const float *b_scale, float *c, ptrdiff_t c_row, bool accumulate,
                const uint8_t *ahead, ptrdiff_t ahead_step) {
    (void)panel, (void)ahead, (void)ahead_step;
    for (ptrdiff_t i = 0; i < rows; i++) {
        const int8_t *values = a->values + (first + i) * a->row;
        const float *scale = a->scale + (first + i) * a->groups;
        float total[CK_PANEL] = {0};
        for (ptrdiff_t g = 0; g < a->groups; g++) {
            int32_t sum[CK_PANEL] = {0};
            ptrdiff_t from = g * a->quads_of_group, to = from + a->quads_of_group;
            for (ptrdiff_t q = from; q < to && q < a->quads; q++)
                for (ptrdiff_t j = 0; j < CK_PANEL; j++)
                    for (ptrdiff_t l = 0; l < 4; l++)
                        sum[j] += ((int32_t)b[(q * CK_PANEL + j) * 4 + l] - 128) * values[q * 4 + l];
            for (ptrdiff_t j = 0; j < CK_PANEL; j++)
                total[j] = fmaf((float)sum[j] * b_scale[g * CK_PANEL + j], scale[g], total[j]);
        }
        float *result = c + i * c_row;
        for (ptrdiff_t j = 0; j < width; j++) result[j] = accumulate ? result[j] + total[j] : total[j];
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
    for (ptrdiff_t column = 0; column < n; column += t->columns) {
        ptrdiff_t width = n - column < t->columns ? n - column : t->columns;
        const uint8_t *panels = b + column / CK_PANEL * panel;
        for (ptrdiff_t i = 0; i < tiles; i++) {
            ptrdiff_t from = m * i / tiles, to = m * (i + 1) / tiles;
            const uint8_t *ahead = panels + t->columns / CK_PANEL * panel + i * rows.quads * step;
            t->run(to - from, width, &rows, from, panels, panel, b_scale + column * a_groups, c + from * c_row + column, c_row,
                   accumulate, ahead, step);
        }
    }
}
