// Chooses the back end once, and holds what is the same for all: the loop around the tiles, packing, small loops.
#include "ck_table.h"
#include <math.h>
#include <string.h>

// No fusing of a product with a sum where the source does not say so: the bits must not depend on the target.
#pragma STDC FP_CONTRACT OFF

static const ck_table *best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw"))
        return &ck_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &ck_avx2;
    return &ck_plain;
#else
    return &ck_vector;
#endif
}

static const ck_table *chosen;

const ck_table *ck_current(void) {
    const ck_table *current = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
    if (current) return current;
    current = best();
    __atomic_store_n(&chosen, current, __ATOMIC_RELAXED);
    return current;
}

const char *ck_backend_name(void) { return ck_current()->name; }

bool ck_select_backend(ck_backend backend) {
    const ck_table *wanted = NULL;
    if (backend == CK_PLAIN) wanted = &ck_plain;
#if defined(__x86_64__)
    if (backend == CK_AVX2 && best() != &ck_plain) wanted = &ck_avx2;
    if (backend == CK_AVX512 && best() == &ck_avx512) wanted = &ck_avx512;
#else
    if (backend == CK_VECTOR) wanted = &ck_vector;
#endif
    if (!wanted) return false;
    __atomic_store_n(&chosen, wanted, __ATOMIC_RELAXED);
    return true;
}

// Floats of A that stay in the second-level cache while the panels of B pass by, and products of one chain that are
// done at a time, so that a part of two panels stays in the first-level cache while the rows pass by. Neither changes
// a bit: a chain goes on from the sum that was stored.
enum { CK_RESIDENT = 192 * 1024, CK_DEPTH = 384 };

void ck_gemm(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_step, const float *b,
             ptrdiff_t b_panel, ptrdiff_t b_step, bool padded, float *c, ptrdiff_t c_row, bool accumulate) {
    const ck_table *t = ck_current();
    if (m <= 0 || n <= 0) return;
    ptrdiff_t block = k > 0 ? CK_RESIDENT / k / t->rows * t->rows : m;
    if (block < t->rows) block = t->rows;
    // Parts of equal length, and one at least, so that k = 0 stores its zeros; what is to be added is summed in one.
    ptrdiff_t parts = k > CK_DEPTH && !accumulate ? (k + CK_DEPTH - 1) / CK_DEPTH : 1;
    for (ptrdiff_t top = 0; top < m; top += block) {
        ptrdiff_t rows = m - top < block ? m - top : block;
        ptrdiff_t tiles = (rows + t->rows - 1) / t->rows;
        ptrdiff_t step = 64 / tiles;
        for (ptrdiff_t column = 0; column < n; column += t->columns) {
            ptrdiff_t width = n - column < t->columns ? n - column : t->columns;
            const ck_table *able = width % CK_PANEL == 0 || padded ? t : &ck_plain;
            for (ptrdiff_t part = 0; part < parts; part++) {
                ptrdiff_t first = k * part / parts, depth = k * (part + 1) / parts - first;
                const float *panel = b + column / CK_PANEL * b_panel + first * b_step;
                for (ptrdiff_t i = 0; i < tiles; i++) {
                    ptrdiff_t from = rows * i / tiles, to = rows * (i + 1) / tiles;
                    // The next stretch of the panels is asked for evenly while all tiles of this one compute.
                    const float *next =
                        part + 1 < parts ? panel + depth * b_step : b + (column + t->columns) / CK_PANEL * b_panel;
                    const char *ahead = (const char *)next + i * depth * step;
                    able->tile(to - from, width, depth, a + (top + from) * a_row + first * a_step, a_row, a_step, panel,
                               b_panel, b_step, c + (top + from) * c_row + column, c_row,
                               accumulate ? CK_ADD : part > 0 ? CK_CONTINUE : CK_STORE, ahead,
                               step);
                }
            }
        }
    }
}

void ck_pack_rows(const float *source, ptrdiff_t n, ptrdiff_t k, ptrdiff_t stride, float *panels, ptrdiff_t first,
                  ptrdiff_t last) {
    for (ptrdiff_t p = first; p < last; p++) {
        float *panel = panels + p * CK_PANEL * k;
        for (ptrdiff_t j = 0; j < CK_PANEL; j++) {
            ptrdiff_t column = p * CK_PANEL + j;
            if (column < n)
                for (ptrdiff_t l = 0; l < k; l++) panel[l * CK_PANEL + j] = source[column * stride + l];
            else
                for (ptrdiff_t l = 0; l < k; l++) panel[l * CK_PANEL + j] = 0;
        }
    }
}

void ck_pack_columns(const float *source, ptrdiff_t n, ptrdiff_t k, ptrdiff_t stride, float *panels, ptrdiff_t first,
                     ptrdiff_t last) {
    for (ptrdiff_t p = first; p < last; p++) {
        ptrdiff_t width = n - p * CK_PANEL < CK_PANEL ? n - p * CK_PANEL : CK_PANEL;
        for (ptrdiff_t l = 0; l < k; l++) {
            float *row = panels + (p * k + l) * CK_PANEL;
            memcpy(row, source + l * stride + p * CK_PANEL, (size_t)width * sizeof(float));
            for (ptrdiff_t j = width; j < CK_PANEL; j++) row[j] = 0;
        }
    }
}

float ck_rms_norm(const float *x, const float *weight, float *y, ptrdiff_t count, float epsilon) {
    return ck_current()->rms_norm(x, weight, y, count, epsilon);
}

void ck_rms_norm_backward(const float *x, const float *weight, const float *dy, float factor, float *dx,
                          ptrdiff_t count) {
    ck_current()->rms_norm_backward(x, weight, dy, factor, dx, count);
}

void ck_layer_norm(const float *x, const float *weight, const float *bias, float *y, ptrdiff_t count, float epsilon) {
    ck_current()->layer_norm(x, weight, bias, y, count, epsilon);
}

void ck_layer_norm_backward(const float *x, const float *weight, const float *dy, float *dx, ptrdiff_t count,
                            float epsilon) {
    ck_current()->layer_norm_backward(x, weight, dy, dx, count, epsilon);
}

void ck_softmax(float *x, ptrdiff_t valid, ptrdiff_t count, float scale) { ck_current()->softmax(x, valid, count, scale); }

void ck_softmax_backward(const float *p, float *dp, ptrdiff_t valid, ptrdiff_t count, float scale) {
    ck_current()->softmax_backward(p, dp, valid, count, scale);
}

void ck_silu_multiply(const float *gate, const float *up, float *y, ptrdiff_t count) {
    ck_current()->silu_multiply(gate, up, y, count);
}

void ck_silu_multiply_backward(float *gate, float *up, const float *dy, ptrdiff_t count) {
    ck_current()->silu_multiply_backward(gate, up, dy, count);
}

void ck_gelu_multiply(const float *gate, const float *up, float *y, ptrdiff_t count) {
    ck_current()->gelu_multiply(gate, up, y, count);
}

void ck_gelu_multiply_backward(float *gate, float *up, const float *dy, ptrdiff_t count) {
    ck_current()->gelu_multiply_backward(gate, up, dy, count);
}

float ck_log_sum_exp(const float *x, ptrdiff_t count) { return ck_current()->log_sum_exp(x, count); }

void ck_cross_entropy_backward(float *x, ptrdiff_t count, ptrdiff_t target, float log_sum, float scale) {
    ck_current()->cross_entropy_backward(x, count, target, log_sum, scale);
}

float ck_entropy(const float *x, ptrdiff_t count, float log_sum) { return ck_current()->entropy(x, count, log_sum); }

void ck_entropy_backward(float *x, ptrdiff_t count, float log_sum, float entropy, float scale) {
    ck_current()->entropy_backward(x, count, log_sum, entropy, scale);
}

float ck_dot(const float *x, const float *y, ptrdiff_t count) { return ck_current()->dot(x, y, count); }

void ck_rope_partial(float *x, ptrdiff_t heads, ptrdiff_t size, ptrdiff_t rotated, const float *cosine,
                     const float *sine, float direction) {
    ptrdiff_t half = rotated / 2;
    for (ptrdiff_t h = 0; h < heads; h++) {
        float *low = x + h * size, *high = low + half;
        for (ptrdiff_t i = 0; i < half; i++) {
            float s = sine[i] * direction, left = low[i], right = high[i];
            low[i] = left * cosine[i] - right * s;
            high[i] = right * cosine[i] + left * s;
        }
    }
}

void ck_rope(float *x, ptrdiff_t heads, ptrdiff_t size, const float *cosine, const float *sine, float direction) {
    ck_rope_partial(x, heads, size, size, cosine, sine, direction);
}

bool ck_all_finite(const float *x, ptrdiff_t count) {
    uint32_t found = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        found |= (bits & 0x7F800000u) == 0x7F800000u;
    }
    return !found;
}

ptrdiff_t ck_argmax(const float *x, ptrdiff_t count) {
    // Sixteen independent maxima, which compilers turn into vectors; then the first place of the largest.
    float top[16];
    for (int j = 0; j < 16; j++) top[j] = -INFINITY;
    ptrdiff_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (int j = 0; j < 16; j++) top[j] = x[i + j] > top[j] ? x[i + j] : top[j];
    float largest = -INFINITY;
    for (int j = 0; j < 16; j++) largest = top[j] > largest ? top[j] : largest;
    for (; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    for (i = 0; i < count; i++)
        if (x[i] == largest) return i;
    return 0;
}

void ck_add(const float *x, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] += x[i];
}

void ck_keep_magnitudes(float *x, ptrdiff_t count, uint32_t low, uint32_t high) {
    ck_current()->entries->keep(x, count, low, high);
}

ptrdiff_t ck_count_magnitudes(const float *x, ptrdiff_t count, uint32_t low, uint32_t high, uint32_t *found,
                              ptrdiff_t *found_count) {
    return ck_current()->entries->above(x, count, low, high, found, found_count);
}

void ck_thin(float *x, ptrdiff_t count, uint64_t state, uint64_t limit, float divisor) {
    ck_current()->entries->thin(x, count, state, limit, divisor);
}

bool ck_thin_ranked(float *x, ptrdiff_t count, uint64_t state, const uint64_t *limits, uint32_t *room) {
    return ck_current()->entries->thin_ranked(x, count, state, limits, room);
}

bool ck_rank_magnitudes(const float *x, ptrdiff_t count, int32_t *ranks, uint64_t *room) {
    return ck_current()->entries->rank(x, count, ranks, room);
}

void ck_thin_by_rank(float *x, ptrdiff_t count, uint64_t state, const uint64_t *limits, const float *divisors,
                     const int32_t *ranks) {
    ck_current()->entries->thin_by_rank(x, count, state, limits, divisors, ranks);
}

void ck_elect(const float *const *x, ptrdiff_t tensors, ptrdiff_t count, const float *factors, const float *shares,
              ck_vote vote, float *sum) {
    ck_current()->entries->elect(x, tensors, count, factors, shares, (int)vote, sum);
}

void ck_add_weighted(const float *const *x, ptrdiff_t tensors, ptrdiff_t count, const float *factors, float *sum) {
    ck_current()->entries->add(x, tensors, count, factors, sum);
}
