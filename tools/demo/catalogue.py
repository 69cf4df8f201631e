"""Customers, vendors, products with their vendors' prices, and the stock."""

from __future__ import annotations

from typing import NamedTuple

from odoo import Command
from odoo.api import Environment

from tools.demo import BED, BED_VENDOR, HOSPITAL
from tools.demo.company import LANGUAGE

CUSTOMERS = {
    HOSPITAL: ("45 Lạch Tray", "Hải Phòng", "VN-HP"),
    "Bệnh viện Nhi Ánh Dương": ("12 Trần Phú", "Hà Đông", "VN-HN"),
    "Phòng khám Đa khoa Tâm Đức": ("208 Lê Lợi", "Vinh", "VN-22"),
    "Trường Tiểu học Hoa Sen": ("3 Hùng Vương", "Việt Trì", "VN-68"),
    "Trường THCS Bình Minh": ("77 Quang Trung", "Thái Nguyên", "VN-69"),
    "Khách sạn Biển Xanh": ("150 Võ Nguyên Giáp", "Đà Nẵng", "VN-DN"),
}

VENDORS = {
    BED_VENDOR: ("KCN Quế Võ", "Bắc Ninh", "VN-56"),
    "Thiết bị Y tế Sông Hồng": ("19 Phương Mai", "Đống Đa", "VN-HN"),
    "Nệm Bình An": ("KCN Tân Bình", "Tân Phú", "VN-SG"),
    "Nội thất Tân Á": ("Làng nghề Hữu Bằng", "Thạch Thất", "VN-HN"),
    "Meditech Singapore Pte. Ltd.": ("21 Science Park Road", "Singapore", None),
}


class Offer(NamedTuple):
    """What a vendor asks, and how many days it takes to come."""

    vendor: str
    price: float
    days: int
    currency: str = "VND"


class Product(NamedTuple):
    name: str
    category: str
    sales_price: float
    offers: tuple[Offer, ...]
    stock: int = 0
    """In the warehouse; what is not kept there is bought for each order."""


MEDICAL, OFFICE = "Thiết bị y tế", "Nội thất văn phòng, trường học"

PRODUCTS = {
    BED: Product(
        "Giường bệnh viện 3 tay quay",
        MEDICAL,
        7_900_000,
        (
            Offer(BED_VENDOR, 5_200_000, 3),
            Offer("Thiết bị Y tế Sông Hồng", 5_650_000, 2),
        ),
    ),
    "TDG-INOX": Product(
        "Tủ đầu giường inox",
        MEDICAL,
        1_450_000,
        (Offer(BED_VENDOR, 950_000, 3),),
    ),
    "NEM-GB": Product(
        "Nệm giường bệnh bọc chống thấm",
        MEDICAL,
        1_300_000,
        (Offer("Nệm Bình An", 820_000, 2),),
    ),
    "MTD-5": Product(
        "Máy theo dõi bệnh nhân 5 thông số",
        MEDICAL,
        32_000_000,
        (Offer("Meditech Singapore Pte. Ltd.", 890, 7, "USD"),),
    ),
    "XL-THEP": Product(
        "Xe lăn thép gấp",
        MEDICAL,
        2_100_000,
        (Offer("Thiết bị Y tế Sông Hồng", 1_450_000, 4),),
        stock=25,
    ),
    "XT-INOX": Product(
        "Xe tiêm inox 2 tầng",
        MEDICAL,
        2_650_000,
        (Offer("Thiết bị Y tế Sông Hồng", 1_780_000, 4),),
        stock=12,
    ),
    "BLV-12": Product(
        "Bàn làm việc chân sắt 1,2 m",
        OFFICE,
        1_900_000,
        (Offer("Nội thất Tân Á", 1_250_000, 5),),
    ),
    "BGHS-2": Product(
        "Bộ bàn ghế học sinh 2 chỗ",
        OFFICE,
        1_600_000,
        (Offer("Nội thất Tân Á", 1_050_000, 6),),
    ),
    "GVP-LUOI": Product(
        "Ghế văn phòng lưng lưới",
        OFFICE,
        1_190_000,
        (Offer("Nội thất Tân Á", 780_000, 3),),
        stock=60,
    ),
    "TU-HS2": Product(
        "Tủ hồ sơ sắt 2 cánh",
        OFFICE,
        2_600_000,
        (Offer("Nội thất Tân Á", 1_700_000, 5),),
        stock=8,
    ),
}


def create(env: Environment, *, buyer) -> None:
    """:param buyer: the user who buys from all vendors"""
    for name, address in CUSTOMERS.items():
        _company(env, name, address, customer_rank=1)
    vendors = {
        name: _company(
            env,
            name,
            address,
            supplier_rank=1,
            buyer_id=buyer.id,
            email=f"vendor{number}@example.com",
        )
        for number, (name, address) in enumerate(VENDORS.items(), start=1)
    }
    vendors["Meditech Singapore Pte. Ltd."].write(
        {"lang": "en_US", "country_id": env.ref("base.sg").id}
    )
    categories = {
        name: env["product.category"].create({"name": name})
        for name in (MEDICAL, OFFICE)
    }
    for code, product in PRODUCTS.items():
        _product(env, code, product, categories[product.category], vendors)


def _company(env: Environment, name: str, address: tuple, **values):
    street, city, state = address
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "street": street,
            "city": city,
            "state_id": state and env.ref(f"base.state_vn_{state}").id,
            "country_id": env.ref("base.vn").id,
            "lang": LANGUAGE,
            **values,
        }
    )


def _product(
    env: Environment, code: str, product: Product, category, vendors: dict
) -> None:
    on_order = env.ref("stock.route_warehouse0_mto")
    buy = env.ref("purchase_stock.route_warehouse0_buy")
    first = product.offers[0]
    currency = env.ref(f"base.{first.currency}")
    record = env["product.product"].create(
        {
            "name": product.name,
            "default_code": code,
            "type": "consu",
            "is_storable": True,
            "categ_id": category.id,
            "list_price": product.sales_price,
            "standard_price": currency._convert(first.price, env.company.currency_id),
            "route_ids": [Command.set((buy if product.stock else on_order | buy).ids)],
            "seller_ids": [
                Command.create(
                    {
                        "partner_id": vendors[offer.vendor].id,
                        "price": offer.price,
                        "currency_id": env.ref(f"base.{offer.currency}").id,
                        "delay": offer.days,
                        "sequence": sequence,
                    }
                )
                for sequence, offer in enumerate(product.offers, start=1)
            ],
        }
    )
    if product.stock:
        _count_stock(env, record, product.stock)


def _count_stock(env: Environment, product, quantity: int) -> None:
    warehouse = env["stock.warehouse"].search([], limit=1)
    env["stock.quant"].with_context(inventory_mode=True).create(
        {
            "product_id": product.id,
            "location_id": warehouse.lot_stock_id.id,
            "inventory_quantity": quantity,
        }
    ).action_apply_inventory()
