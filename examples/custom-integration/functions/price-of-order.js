'use strict';

/** Knows nothing of HTTP: an order in, its price out. */
exports.handler = async ({ order, currency }) => ({ order, price: 42, currency });
