// The plain-C twins: what the SIMD back ends must equal bit for bit, and what runs where there is no SIMD.
#include "ck_table.h"
#include <math.h>
#include <string.h>

static float add_lanes(const float *sum) {
    float s[16];
    memcpy(s, sum, sizeof s);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; i++) s[i] += s[i + half];
    return s[0];
}

static float exponential(float x) {
    if (x < CK_EXP_LOWEST) return 0;
    if (x > CK_EXP_HIGHEST) x = CK_EXP_HIGHEST;
    float n = fmaf(x, CK_LOG2E, CK_EXP_ROUND) - CK_EXP_ROUND;
    float r = fmaf(n, -CK_LN2_HIGH, x);
    r = fmaf(n, -CK_LN2_LOW, r);
    float p = fmaf(CK_P0, r, CK_P1);
    p = fmaf(p, r, CK_P2);
    p = fmaf(p, r, CK_P3);
    p = fmaf(p, r, CK_P4);
    p = fmaf(p, r, CK_P5);
    p = fmaf(p, r * r, r + 1.0f);
    int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

static void tile(ptrdiff_t m, ptrdiff_t width, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                 const float *b, ptrdiff_t b_panel, ptrdiff_t b_step, float *c, ptrdiff_t c_row, ck_sum mode,
                 const char *ahead, ptrdiff_t ahead_step) {
    (void)ahead, (void)ahead_step;
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t j = 0; j < width; j++) {
            const float *column = b + j / CK_PANEL * b_panel + j % CK_PANEL;
            float sum = mode == CK_CONTINUE ? c[i * c_row + j] : 0;
            for (ptrdiff_t l = 0; l < k; l++) sum = fmaf(a[l * a_step + i * a_row], column[l * b_step], sum);
            c[i * c_row + j] = mode == CK_ADD ? c[i * c_row + j] + sum : sum;
        }
}

static float dot(const float *x, const float *y, ptrdiff_t count) {
    float sum[16] = {0};
    for (ptrdiff_t i = 0; i < count; i++) sum[i % 16] = fmaf(x[i], y[i], sum[i % 16]);
    return add_lanes(sum);
}

static float rms_norm(const float *x, const float *weight, float *y, ptrdiff_t count, float epsilon) {
    float factor = 1.0f / sqrtf(dot(x, x, count) / (float)count + epsilon);
    for (ptrdiff_t i = 0; i < count; i++) y[i] = x[i] * factor * weight[i];
    return factor;
}

static void rms_norm_backward(const float *x, const float *weight, const float *dy, float factor, float *dx,
                              ptrdiff_t count) {
    float sum[16] = {0};
    for (ptrdiff_t i = 0; i < count; i++) sum[i % 16] = fmaf(dy[i] * weight[i], x[i], sum[i % 16]);
    float shared = add_lanes(sum) * factor * factor * factor / (float)count;
    for (ptrdiff_t i = 0; i < count; i++) dx[i] += fmaf(-shared, x[i], dy[i] * weight[i] * factor);
}

static float mean_of(const float *x, ptrdiff_t count) {
    float sum[16] = {0};
    for (ptrdiff_t i = 0; i < count; i++) sum[i % 16] += x[i];
    return add_lanes(sum) / (float)count;
}

// 1 / sqrt(variance + epsilon).
static float spread(const float *x, ptrdiff_t count, float mean, float epsilon) {
    float sum[16] = {0};
    for (ptrdiff_t i = 0; i < count; i++) sum[i % 16] = fmaf(x[i] - mean, x[i] - mean, sum[i % 16]);
    return 1.0f / sqrtf(add_lanes(sum) / (float)count + epsilon);
}

static void layer_norm(const float *x, const float *weight, const float *bias, float *y, ptrdiff_t count,
                       float epsilon) {
    float mean = mean_of(x, count), factor = spread(x, count, mean, epsilon);
    for (ptrdiff_t i = 0; i < count; i++) y[i] = fmaf((x[i] - mean) * factor, weight[i], bias ? bias[i] : 0.0f);
}

// With g = dy·w and h = (x − mean)·factor: dx += factor·(g − mean(g) − h·mean(g·h)).
static void layer_norm_backward(const float *x, const float *weight, const float *dy, float *dx, ptrdiff_t count,
                                float epsilon) {
    float mean = mean_of(x, count), factor = spread(x, count, mean, epsilon);
    float plain[16] = {0}, along[16] = {0};
    for (ptrdiff_t i = 0; i < count; i++) {
        plain[i % 16] = fmaf(dy[i], weight[i], plain[i % 16]);
        along[i % 16] = fmaf(dy[i] * weight[i], (x[i] - mean) * factor, along[i % 16]);
    }
    float shared = add_lanes(plain) / (float)count, slope = add_lanes(along) / (float)count;
    for (ptrdiff_t i = 0; i < count; i++)
        dx[i] = fmaf(factor, fmaf(-slope, (x[i] - mean) * factor, fmaf(dy[i], weight[i], -shared)), dx[i]);
}

static void softmax(float *x, ptrdiff_t valid, ptrdiff_t count, float scale) {
    float largest = -INFINITY;
    for (ptrdiff_t i = 0; i < valid; i++) {
        x[i] *= scale;
        if (x[i] > largest) largest = x[i];
    }
    float sum[16] = {0};
    for (ptrdiff_t i = 0; i < valid; i++) {
        x[i] = exponential(x[i] - largest);
        sum[i % 16] += x[i];
    }
    float inverse = 1.0f / add_lanes(sum);
    for (ptrdiff_t i = 0; i < valid; i++) x[i] *= inverse;
    for (ptrdiff_t i = valid; i < count; i++) x[i] = 0;
}

static void softmax_backward(const float *p, float *dp, ptrdiff_t valid, ptrdiff_t count, float scale) {
    float shared = dot(p, dp, valid);
    for (ptrdiff_t i = 0; i < valid; i++) dp[i] = p[i] * (dp[i] - shared) * scale;
    for (ptrdiff_t i = valid; i < count; i++) dp[i] = 0;
}

static void silu_multiply(const float *gate, const float *up, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = gate[i] / (1.0f + exponential(-gate[i])) * up[i];
}

static void silu_multiply_backward(float *gate, float *up, const float *dy, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float sigmoid = 1.0f / (1.0f + exponential(-gate[i]));
        float silu = gate[i] * sigmoid;
        float slope = fmaf(silu, 1.0f - sigmoid, sigmoid);
        gate[i] = dy[i] * up[i] * slope;
        up[i] = dy[i] * silu;
    }
}

static void gelu_multiply(const float *gate, const float *up, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float square = gate[i] * gate[i];
        if (square > CK_GELU_HIGHEST) square = CK_GELU_HIGHEST;
        y[i] = gate[i] / (1.0f + exponential(gate[i] * fmaf(square, CK_GELU_B, CK_GELU_A))) * up[i];
    }
}

static void gelu_multiply_backward(float *gate, float *up, const float *dy, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float square = gate[i] * gate[i];
        if (square > CK_GELU_HIGHEST) square = CK_GELU_HIGHEST;
        float e = exponential(gate[i] * fmaf(square, CK_GELU_B, CK_GELU_A));
        float sigmoid = 1.0f / (1.0f + e);
        float gelu = gate[i] * sigmoid;
        // e·sigmoid is 1 − sigmoid without its cancellation, which the next factor would magnify.
        float slope = fmaf(gelu * (e * sigmoid), fmaf(square, -3.0f * CK_GELU_B, -CK_GELU_A), sigmoid);
        gate[i] = dy[i] * up[i] * slope;
        up[i] = dy[i] * gelu;
    }
}

static float log_sum_exp(const float *x, ptrdiff_t count) {
    float largest = -INFINITY;
    for (ptrdiff_t i = 0; i < count; i++)
        if (x[i] > largest) largest = x[i];
    float sum[16] = {0};
    for (ptrdiff_t i = 0; i < count; i++) sum[i % 16] += exponential(x[i] - largest);
    return largest + logf(add_lanes(sum));
}

static void cross_entropy_backward(float *x, ptrdiff_t count, ptrdiff_t target, float log_sum, float scale) {
    for (ptrdiff_t i = 0; i < count; i++) x[i] = exponential(x[i] - log_sum) * scale;
    x[target] -= scale;
}

static float entropy(const float *x, ptrdiff_t count, float log_sum) {
    float sum[16] = {0};
    for (ptrdiff_t i = 0; i < count; i++) {
        float below = log_sum - x[i];
        sum[i % 16] = fmaf(exponential(-below), below, sum[i % 16]);
    }
    return add_lanes(sum);
}

static void entropy_backward(float *x, ptrdiff_t count, float log_sum, float entropy, float scale) {
    for (ptrdiff_t i = 0; i < count; i++) {
        float below = log_sum - x[i];
        x[i] = exponential(-below) * scale * (below - entropy);
    }
}

static float quantize(const float *x, ptrdiff_t count, int8_t *a, int32_t *sum) {
    float top = 0;
    for (ptrdiff_t i = 0; i < count; i++) top = fabsf(x[i]) > top ? fabsf(x[i]) : top;
    float inverse = top > CK_SMALLEST ? 127.0f / top : 0.0f;
    *sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        a[i] = (int8_t)ck_rounded(x[i] * inverse);
        *sum += a[i];
    }
    return top > CK_SMALLEST ? top / 127.0f : 0.0f;
}

#pragma clang diagnostic ignored "-Wpsabi"  // Its vectors are never passed: all is inlined.
#include "ck_entries.inc"

const ck_table ck_plain = {"plain",      4,       16, tile,          rms_norm,
                           rms_norm_backward, softmax, softmax_backward, silu_multiply,
                           silu_multiply_backward, log_sum_exp, cross_entropy_backward, entropy,
                           entropy_backward, dot,
                           layer_norm, layer_norm_backward, gelu_multiply, gelu_multiply_backward, quantize,
                           &entries};
