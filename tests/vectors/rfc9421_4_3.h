/*
 * RFC 9421 section 4.3, the proxy's signature (rsa-v1_5-sha256), and the public half of
 * test-key-rsa (appendix B.1.1): published test values, never a key of ours.
 */
#ifndef VECTORS_RFC9421_4_3_H
#define VECTORS_RFC9421_4_3_H

#define RFC9421_4_3_AUTHORITY "origin.host.internal.example"
#define RFC9421_4_3_DIGEST                                                                         \
	"sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLv"       \
	"RwEmTHWXvJwew==:"
#define RFC9421_4_3_FORWARDED "for=192.0.2.123;host=example.com;proto=https"
/* The value of proxy_sig in Signature-Input. */
#define RFC9421_4_3_PARAMS                                                                         \
	"(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-type\" "               \
	"\"content-length\" \"forwarded\");created=1618884480;keyid=\"test-key-rsa\";"             \
	"alg=\"rsa-v1_5-sha256\";expires=1618884540"
/* Base64 of the signature, and of the modulus (e = 65537). */
static const char rfc9421_4_3_signature[] =
	"S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+M"
	"jniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEOb"
	"tNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD"
	"3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5"
	"o0LV/g==";
static const char rfc9421_b_1_1_modulus[] =
	"hAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrwWEBnez6d0UDKDwGbc6nxfEXAy5mbhgaj"
	"zrw3MOEt8uA5txSKobBpKDeBLOsdJKFqMGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3Rt"
	"linV0a75jfZgkne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0PuKxI4T+H"
	"IaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQPSXSfBDiUGhwOw76WuSSsf1D4b/v"
	"LoJ10w==";

#endif
