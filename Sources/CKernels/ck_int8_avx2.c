// 8-bit products with AVX2: maddubs adds pairs of |a| (unsigned) and w with a's sign in 16 bits, at most
// 2·127·127 = 32,258 and so never saturating; madd widens to 32 bits.
#if defined(__x86_64__)
#include "ck_int8.h"
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx2,fma")))
#define EACH_ROW(ROWS) _Pragma("clang loop unroll(full)") for (int i = 0; i < ROWS; i++)

TARGET static inline void store(const float *sums, float *c, ptrdiff_t width, bool accumulate) {
    float result[16] = {0};
    if (accumulate) memcpy(result, c, (size_t)width * sizeof(float));
    for (int j = 0; j < 16; j += 8) {
        __m256 sum = _mm256_loadu_ps(sums + j);
        _mm256_storeu_ps(result + j, accumulate ? _mm256_add_ps(_mm256_loadu_ps(result + j), sum) : sum);
    }
    memcpy(c, result, (size_t)width * sizeof(float));
}

// total += a_scale·(b_scale·sum) for eight columns.
TARGET static inline void add(float *total, __m256i sum, const float *b_scale, __m256 a_scale) {
    __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_loadu_ps(b_scale));
    _mm256_storeu_ps(total, _mm256_fmadd_ps(scaled, a_scale, _mm256_loadu_ps(total)));
}

#define TILE(ROWS)                                                                                            \
    TARGET static void tile_##ROWS(const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b,                  \
                                   const float *b_scale, float *c, ptrdiff_t c_row, ptrdiff_t width,          \
                                   bool accumulate, const uint8_t *ahead, ptrdiff_t ahead_step) {             \
        float sums[ROWS * 16];                                                                                \
        const int8_t *values = a->values + first * a->row;                                                    \
        const __m256i ones = _mm256_set1_epi16(1), flip = _mm256_set1_epi8(-128);                             \
        __m256 zero = _mm256_setzero_ps();                                                                    \
        EACH_ROW(ROWS) {                                                                                      \
            _mm256_storeu_ps(sums + i * 16, zero);                                                            \
            _mm256_storeu_ps(sums + i * 16 + 8, zero);                                                        \
        }                                                                                                     \
        for (ptrdiff_t g = 0, q = 0; g < a->groups; g++) {                                                    \
            __m256i low[ROWS], high[ROWS];                                                                    \
            EACH_ROW(ROWS) low[i] = high[i] = _mm256_setzero_si256();                                         \
            ptrdiff_t end = (g + 1) * a->quads_of_group < a->quads ? (g + 1) * a->quads_of_group : a->quads;  \
            for (; q < end; q++) {                                                                            \
                __builtin_prefetch(ahead + q * ahead_step, 0, 2);                                             \
                __m256i left = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(b + q * 64)), flip);     \
                __m256i right = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(b + q * 64 + 32)), flip); \
                EACH_ROW(ROWS) {                                                                              \
                    int32_t quad;                                                                             \
                    memcpy(&quad, values + i * a->row + q * 4, 4);                                            \
                    __m256i x = _mm256_set1_epi32(quad), size = _mm256_abs_epi8(x);                           \
                    __m256i p = _mm256_maddubs_epi16(size, _mm256_sign_epi8(left, x));                        \
                    __m256i r = _mm256_maddubs_epi16(size, _mm256_sign_epi8(right, x));                       \
                    low[i] = _mm256_add_epi32(low[i], _mm256_madd_epi16(p, ones));                            \
                    high[i] = _mm256_add_epi32(high[i], _mm256_madd_epi16(r, ones));                          \
                }                                                                                             \
            }                                                                                                 \
            EACH_ROW(ROWS) {                                                                                  \
                __m256 scale = _mm256_set1_ps(a->scale[(first + i) * a->groups + g]);                         \
                add(sums + i * 16, low[i], b_scale + g * 16, scale);                                          \
                add(sums + i * 16 + 8, high[i], b_scale + g * 16 + 8, scale);                                 \
            }                                                                                                 \
        }                                                                                                     \
        EACH_ROW(ROWS) store(sums + i * 16, c + i * c_row, width, accumulate);                                \
    }

TILE(1) TILE(2) TILE(3) TILE(4)

static void run(ptrdiff_t rows, ptrdiff_t width, const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b,
                ptrdiff_t panel, const float *b_scale, float *c, ptrdiff_t c_row, bool accumulate,
                const uint8_t *ahead, ptrdiff_t ahead_step) {
    (void)panel;
#define CASE(ROWS) \
    case ROWS: tile_##ROWS(a, first, b, b_scale, c, c_row, width, accumulate, ahead, ahead_step); return;
    switch (rows) { CASE(1) CASE(2) CASE(3) CASE(4) }
#undef CASE
}

const ck_int8_tile ck_int8_avx2 = {4, 16, run};
#endif
